import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CacheCandidateRow, cacheCandidates } from "../../../../datasets/cache-candidates.js";
import { createRandom, type Random } from "../../../../datasets/random.js";
import type { RequestRow } from "../../../../datasets/request-log.js";
import { openOrCreateWorkspace, type Workspace, writeManifest } from "../../../../datasets/workspace.js";
import type { JudgePairsOptions } from "../../../../pipelines/cache/pairs/judge-pairs.js";
import { memoryEngine } from "../../../support/memory-engine.js";
import { requestRow } from "../../../support/request-row.js";
import { writeRequests } from "../../label/label-workspace.js";

/** A replay with a known truth: an answer serves a request exactly if it is the request's own. */
export interface PlantedReplay {
  requests: RequestRow[];
  candidates: CacheCandidateRow[];
}

/** Plant a replay: entries about invented things, and requests that ask for one of them in other words and are offered its entry, or a
 * neighbour's. Some repeat a question to the letter but for case, some have no entry, some are out of a cache's reach. */
export function plantReplay({
  seed = 1,
  requests = 400,
  contentState = "redacted",
}: {
  seed?: number;
  requests?: number;
  contentState?: string;
} = {}): PlantedReplay {
  const random = createRandom(seed);
  const things = Array.from({ length: 60 }, (_, i) => plantThing(random, i));
  const log = things.map((thing, i) => row(`entry-${i}`, thing.ask("Please explain"), thing.answer, i));
  const candidates: CacheCandidateRow[] = [];
  for (let i = 0; i < requests; i++) {
    const id = `request-${String(i).padStart(5, "0")}`;
    const about = random.below(things.length);
    const isRight = random.uniform() < 0.8;
    const offered = isRight ? about : (about + 1) % things.length;
    const thing = things[about]!;
    const opening = random.pick(["please  explain", "What is known of", "Tell me about", "Describe shortly"]);
    log.push(row(id, thing.ask(opening), thing.answer, 100 + i));
    candidates.push(plantCandidate(random, { id, about, entry: `entry-${offered}`, isRight, at: 100 + i }));
  }
  return { requests: log.map((entry) => ({ ...entry, content_state: contentState })), candidates };
}

function plantThing(random: Random, i: number) {
  const words = Array.from({ length: 14 }, () => pseudoWord(random));
  const number = 100 + 7 * i;
  return {
    ask: (opening: string) => `${opening} ${words.slice(0, 5).join(" ")} ${number}?`,
    answer: `${words.slice(5).join(" ")} ${number}.`,
  };
}

function pseudoWord(random: Random): string {
  const syllables = ["ba", "dor", "fi", "gul", "hem", "jo", "kra", "lun", "mev", "nis", "pol", "rut", "sel"];
  return Array.from({ length: 3 }, () => random.pick(syllables)).join("");
}

function plantCandidate(
  random: Random,
  {
    id,
    about,
    entry,
    isRight,
    at,
  }: { id: string; about: number; entry: string; isRight: boolean; at: number },
): CacheCandidateRow {
  const kind = random.uniform();
  const tier = kind < 0.1 ? "exact" : kind < 0.15 ? "uncacheable" : kind < 0.5 ? "semantic" : "miss";
  const hasEntry = tier === "exact" || (tier !== "uncacheable" && kind < 0.95);
  const similarity = Math.min(1, Math.max(0, (isRight ? 0.85 : 0.7) + 0.1 * random.normal()));
  return {
    request_id: id,
    segment: ["billing", "orders", "support"][about < 35 ? 0 : about < 55 ? 1 : 2]!,
    created_at: at * 60_000_000,
    tier,
    reason: tier === "uncacheable" ? "temperature" : null,
    entry_id: hasEntry ? entry : null,
    similarity: hasEntry ? similarity : null,
    score: null,
    features_json: hasEntry ? JSON.stringify([similarity, 0.1]) : null,
    is_same_answer: null,
    saved_usd: 0.001,
  };
}

function row(request_id: string, user_text: string, output_text: string, at: number): RequestRow {
  return requestRow({
    request_id,
    created_at: at * 60_000_000,
    content_state: "redacted",
    system_text: "Answer from the handbook.",
    user_text,
    output_text,
    history_json: JSON.stringify([{ role: "user", content: "Good morning" }]),
    output_total_tokens: 30,
  });
}

/** Whether the answer of an entry serves a request of the replay. */
export function isSameByTruth({ requests }: PlantedReplay): (requestId: string, entryId: string) => boolean {
  const answers = new Map(requests.map(({ request_id, output_text }) => [request_id, output_text]));
  return (requestId, entryId) => answers.get(requestId) === answers.get(entryId);
}

/** A workspace that holds a replay as `cache replay` leaves it. */
export async function pairsWorkspace(replay: PlantedReplay = plantReplay()): Promise<Workspace> {
  const workspace = openOrCreateWorkspace(mkdtempSync(join(tmpdir(), "signalbox-pairs-")));
  await writeRequests(workspace, replay.requests);
  const folder = join(workspace.path, cacheCandidates.name);
  mkdirSync(folder);
  const engine = await memoryEngine(cacheCandidates, replay.candidates);
  await engine.run(`COPY cache_candidates TO '${join(folder, "replay.parquet")}' (FORMAT parquet)`);
  engine.close();
  writeManifest(workspace, {
    stage: "cache-replay",
    completed_at: "2026-03-21T00:00:00Z",
    versions: {},
    inputs: [],
    rows: { cache_candidates: replay.candidates.length },
    seed: null,
    seconds: 0,
    notes: [],
  });
  return workspace;
}

export function pairOptions(
  judgeUrl: string | null,
  options: Partial<JudgePairsOptions> = {},
): JudgePairsOptions {
  return {
    judgeUrl,
    judgeModel: "gpt-4.1",
    mode: "chat",
    labels: 80,
    focus: "uniform",
    thresholds: {},
    floor: 0.6,
    isBothOrders: false,
    alpha: 0.01,
    delta: 0.1,
    seed: 1,
    maxUsd: null,
    assumeUsdPerMTok: null,
    isSentUnredacted: false,
    concurrency: 4,
    isResumed: true,
    pollMs: 1,
    ...options,
  };
}
