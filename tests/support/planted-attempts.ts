import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AttemptLink } from "../../datasets/attempt-links.js";
import { createRandom, type Random } from "../../datasets/random.js";

/** One record of the planted log; the mapping of {@link writePlantedMapping} reads it. */
export interface PlantedRecord {
  id: string;
  at: string;
  updated: string;
  ms: number;
  model: string;
  user: string;
  app: string;
  status: "ok" | "error" | "cancelled";
  prompt: string;
  tokens: [number, number];
  usd: number | null;
}

/** A synthetic log with a known truth: what its attempts are, and which records are which kind of duplicate. */
export interface PlantedLog {
  /** Every record once, the version that counts, in the order of time. */
  attempts: PlantedRecord[];
  /** All records, duplicates included, in the order of time. */
  records: PlantedRecord[];
  links: Array<Pick<AttemptLink, "request_id" | "logical_id" | "attempt_no" | "kind">>;
  duplicates: { duplicate_id: number; re_export: number; streamed_partial: number };
}

const models = ["gpt-4o", "gpt-4o-mini", "claude-sonnet-4-5", "gemini-2.5-flash"];
const startMs = Date.UTC(2026, 0, 5, 8);

/** Plant retries, fallbacks, identical prompts that all succeed, exact duplicates, re-exports and streamed partials.
 * @param logicalRequests how many requests, each of one attempt or more */
export function plantLog(seed: number, logicalRequests: number): PlantedLog {
  const random = createRandom(seed);
  const log: PlantedLog = {
    attempts: [],
    records: [],
    links: [],
    duplicates: { duplicate_id: 0, re_export: 0, streamed_partial: 0 },
  };
  for (let request = 0; request < logicalRequests; request++) {
    const chain = plantChain(random, request);
    log.attempts.push(...chain);
    for (const [i, { id, model }] of chain.entries())
      if (i > 0)
        log.links.push({
          request_id: id,
          logical_id: chain[0]!.id,
          attempt_no: i + 1,
          kind: model === chain[i - 1]!.model ? "retry" : "fallback",
        });
  }
  for (const attempt of log.attempts) log.records.push(...plantDuplicates(random, attempt, log.duplicates));
  const byTime = (a: PlantedRecord, b: PlantedRecord) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0);
  log.attempts.sort(byTime);
  log.records.sort(byTime);
  return log;
}

/** Write records into files, and what reads them. */
export function writePlantedFile(path: string, records: readonly PlantedRecord[]): string {
  writeFileSync(path, `${records.map((record) => JSON.stringify(record)).join("\n")}\n`);
  return path;
}

/** Mapping file for planted records.
 * @returns its path */
export function writePlantedMapping(folder: string): string {
  const path = join(folder, "planted.mapping.json");
  const fields = {
    request_id: "id",
    created_at: "at",
    updated_at: "updated",
    latency_ms: "ms",
    model: "model",
    user: "user",
    app: "app",
    status: "status",
    user_text: "prompt",
    input_tokens: "tokens[0]",
    output_tokens: "tokens[1]",
    cost_reported_usd: "usd",
  };
  writeFileSync(path, JSON.stringify({ name: "planted", fields }));
  return path;
}

/** Attempts of one request: failures, each soon followed by the next attempt, with or without a success at the end. Some prompts are
 * asked again and again with success: those are repeats, not retries. */
function plantChain(random: Random, request: number): PlantedRecord[] {
  const isChain = random.uniform() < 0.3;
  const failures = isChain ? 1 + random.below(3) : random.uniform() < 0.05 ? 1 : 0;
  const endsWell = isChain ? random.uniform() < 0.8 : failures === 0;
  const user = `user-${random.below(5)}`;
  const app = random.pick(["search", "chat"]);
  const isRepeat = failures === 0 && random.uniform() < 0.3;
  const prompt = isRepeat ? `Say hello ${random.below(3)}` : `Question ${request}`;
  let model = random.pick(models);
  let time = startMs + random.below(40 * 3_600_000);
  const chain: PlantedRecord[] = [];
  for (let attempt = 0; attempt < failures + (endsWell ? 1 : 0); attempt++) {
    const isFailure = attempt < failures;
    const ms = random.below(20_000);
    chain.push({
      id: `r${request}-${attempt}-${random.below(1e9)}`,
      at: new Date(time).toISOString(),
      updated: new Date(time + 60_000).toISOString(),
      ms,
      model,
      user,
      app,
      status: isFailure ? random.pick(["error", "error", "cancelled"] as const) : "ok",
      prompt,
      tokens: [100 + random.below(900), isFailure ? 0 : 20 + random.below(300)],
      usd: isFailure ? 0 : 0.001,
    });
    time += ms + 100 + random.below(60_000);
    if (random.uniform() < 0.4) model = random.pick(models);
  }
  return chain;
}

/** @returns the records of one attempt: itself, and copies or another version of it */
function plantDuplicates(
  random: Random,
  attempt: PlantedRecord,
  counts: PlantedLog["duplicates"],
): PlantedRecord[] {
  const kind = random.weighted({ none: 7, duplicate_id: 1, re_export: 1, streamed_partial: 1 });
  const earlier = new Date(Date.parse(attempt.updated) - 30_000).toISOString();
  if (kind === "duplicate_id") {
    const copies = 1 + random.below(3);
    counts.duplicate_id += copies;
    return Array.from({ length: copies + 1 }, () => attempt);
  }
  if (kind === "re_export") {
    counts.re_export += 1;
    return [{ ...attempt, updated: earlier, usd: null }, attempt];
  }
  if (kind === "streamed_partial" && attempt.tokens[1] > 0) {
    counts.streamed_partial += 1;
    return [
      { ...attempt, updated: earlier, tokens: [attempt.tokens[0], random.below(attempt.tokens[1])] },
      attempt,
    ];
  }
  return [attempt];
}
