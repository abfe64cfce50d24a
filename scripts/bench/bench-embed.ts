import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Embedder, hashedEmbedder, readStaticEmbedder } from "@signalbox/runtime";
import { createRandom } from "../../datasets/random.js";
import { readRecords } from "../../datasets/reader/read-records.js";
import { compareEmbedders } from "../../models/embed/compare-embedders.js";
import { distilDefaults, distilEmbedder } from "../../models/embed/distil-embedder.js";
import { dotProduct, nearestVectors } from "../../models/embed/nearest.js";
import { openTeacher, type Teacher } from "../../models/embed/open-teacher.js";
import { findUseLite, useLitePackage } from "../../models/embed/read-use-lite.js";
import { wilsonInterval } from "../../models/statistics/wilson-interval.js";
import { type BenchOutcome, runBench } from "./bench.js";

const needed = [
  "cache/banking77/queries.jsonl",
  "cache/clinc150/queries.jsonl",
  "cache/nlupp/pairs.jsonl",
  "cache/sgd-multiturn/turns.jsonl",
  "routing/mixed/gemini15-2tier.jsonl",
] as const;

await runBench({
  name: "embed",
  title: "Sentence vectors",
  about:
    "What sentence vectors are worth, and what they cost: the built-in hashed embedder, static tables distilled from USE-lite, and USE-lite itself. 1-NN is the share of test queries whose nearest training query has the same intent; pairs is the area under the ROC curve that tells pairs with the same answer from pairs with the same intent and other values (`4 days`, `9 days`) by cosine; agreement is Spearman's correlation of cosines with USE-lite's.",
  main: async ({ data, quick }) => {
    const missing = needed.find((file) => !existsSync(join(data ?? "", file)));
    if (data === null || missing !== undefined)
      return { figures: {}, skipped: `no ${missing ?? needed[0]} in the data folder` };
    if (findUseLite() === null) return { figures: {}, skipped: `${useLitePackage} is not installed` };
    const teacher = await openTeacher({ model: null, tokenizer: null });
    return measure(teacher, await readData(data, quick), quick).finally(() => teacher.release());
  },
});

interface Query {
  text: string;
  intent: string;
}

interface IntentSet {
  train: Query[];
  test: Query[];
}

interface EmbedData {
  banking77: IntentSet;
  clinc150: IntentSet;
  pairs: Array<{ a: string; b: string; label: number }>;
  /** Texts of other data sets, none of which is evaluated. */
  others: string[];
}

type Row = Record<string, unknown>;

async function readData(folder: string, quick: boolean): Promise<EmbedData> {
  const [banking, clinc, pairs, turns, prompts] = await Promise.all(
    needed.map((file) => readRows(join(folder, file))),
  );
  return {
    banking77: splitIntents(banking!, quick),
    clinc150: splitIntents(clinc!, quick),
    pairs: pairs!.filter(({ kind }) => kind !== "diff_intent") as unknown as EmbedData["pairs"],
    others: [...turns!.map(({ text }) => String(text)), ...prompts!.map(({ prompt }) => String(prompt))],
  };
}

async function readRows(path: string): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const batch of readRecords(path)) for (const { value } of batch) rows.push(value as Row);
  return rows;
}

/** Test queries are a seeded sample; queries out of scope have no intent to find. */
function splitIntents(rows: readonly Row[], quick: boolean): IntentSet {
  const usable = rows.filter(({ oos }) => oos !== true) as unknown as Array<Query & { split: string }>;
  const test = usable.filter(({ split }) => split === "test");
  return {
    train: usable.filter(({ split }) => split === "train"),
    test: createRandom(1)
      .shuffle(test)
      .slice(0, quick ? 200 : 1_000),
  };
}

interface Contender {
  name: string;
  key: string;
  learntFrom: string;
  embed: (texts: readonly string[]) => Promise<Float32Array[]> | Float32Array[];
  embedder: Embedder | null;
  /** Of one core. */
  distilSeconds: number | null;
  bytes: number | null;
}

async function measure(teacher: Teacher, data: EmbedData, quick: boolean): Promise<BenchOutcome> {
  const contenders = await makeContenders(teacher, data, quick);
  const latency = await latencies(
    teacher,
    contenders,
    data.banking77.test.map(({ text }) => text),
  );
  const taught = await teacher.embed(data.banking77.test.map(({ text }) => text));
  const figures: Record<string, number> = {};
  const quality: string[][] = [];
  for (const contender of contenders) {
    const { key, name, embed } = contender;
    const banking = await intentAccuracy(data.banking77, embed);
    const clinc = await intentAccuracy(data.clinc150, embed);
    const area = await pairArea(data.pairs, embed);
    const own = await embed(data.banking77.test.map(({ text }) => text));
    const agreement = compareEmbedders(own, taught, 1).rankCorrelation;
    Object.assign(figures, {
      [`${key}_banking77_1nn`]: banking.value,
      [`${key}_clinc150_1nn`]: clinc.value,
      [`${key}_nlupp_auc`]: area,
      [`${key}_agreement`]: agreement,
    });
    quality.push([name, interval(banking), interval(clinc), area.toFixed(3), agreement.toFixed(3)]);
  }
  for (const { key, distilSeconds, bytes } of contenders) {
    if (distilSeconds === null || bytes === null) continue;
    figures[`${key}_distil_cpu_s`] = distilSeconds;
    figures[`${key}_mb`] = bytes / 1e6;
  }
  for (const [key, { p50, p99 }] of latency) {
    figures[`${key}_p50_ms`] = p50;
    figures[`${key}_p99_ms`] = p99;
  }
  const slow = latency.get("teacher")!;
  return {
    figures,
    tables: [
      {
        title: "Quality",
        columns: ["embedder", "1-NN Banking77 [95 %]", "1-NN CLINC150 [95 %]", "pairs NLU++", "agreement"],
        rows: quality,
      },
      {
        title: "Cost of one vector",
        columns: ["embedder", "p50 ms", "p99 ms", "teacher / this, p50", "file", "distilled in, CPU time"],
        rows: contenders.map(({ key, name, bytes, distilSeconds }) => {
          const { p50, p99 } = latency.get(key)!;
          return [
            name,
            p50.toFixed(4),
            p99.toFixed(3),
            (slow.p50 / p50).toFixed(0),
            bytes === null ? "-" : `${(bytes / 1e6).toFixed(1)} MB`,
            distilSeconds === null ? "-" : `${distilSeconds.toFixed(0)} s`,
          ];
        }),
      },
      {
        title: "What was learnt from",
        columns: ["embedder", "texts"],
        rows: contenders.map(({ name, learntFrom }) => [name, learntFrom]),
      },
    ],
    notes: [
      "Latencies are of one text at a time (Banking77 test queries), in one thread, tokenising included; the static tables and the hashed embedder have their token cache warm. Wall clock on a shared machine: read the ratio, not the milliseconds.",
      "Below .5 on the pairs means that pairs with other values look more alike than pairs with the same answer: no cosine alone can decide whether a cached answer fits; the cache also compares numbers and negations (docs/runtime.md).",
      "1-NN needs no training, so it shows the vectors alone. With thousands of labels the router's own n-grams do as well (docs/embeddings.md).",
      `Seed 1 everywhere; up to ${data.banking77.test.length} test queries of each set, drawn by seed; defaults of \`signalbox embed distil\`${quick ? " except fewer texts (--quick)" : ""}.`,
    ],
  };
}

async function makeContenders(teacher: Teacher, data: EmbedData, quick: boolean): Promise<Contender[]> {
  const hashed = hashedEmbedder();
  const own = [...data.banking77.train, ...data.clinc150.train].map(({ text }) => text);
  const both = [...data.others, ...own];
  const maxTexts = quick ? 2_000 : distilDefaults.maxTexts;
  return [
    {
      name: `hashed (${hashed.id})`,
      key: "hashed",
      learntFrom: "nothing",
      embed: (texts) => texts.map((text) => hashed.embed(text)),
      embedder: hashed,
      distilSeconds: null,
      bytes: null,
    },
    await distilled(teacher, data.others, {
      name: "static, other texts",
      key: "other",
      learntFrom: "texts of SGD and of the mixed routing prompts; none of the three sets",
      maxTexts,
    }),
    await distilled(teacher, both, {
      name: "static, own prompts",
      key: "own",
      learntFrom:
        "of these and of the training texts (no labels) of Banking77 and CLINC150; no test text, nothing of NLU++",
      maxTexts,
    }),
    {
      name: "teacher (USE-lite)",
      key: "teacher",
      learntFrom: "by Google, on public web text; see its model card",
      embed: (texts) => teacher.embed(texts),
      embedder: null,
      distilSeconds: null,
      bytes: null,
    },
  ];
}

async function distilled(
  teacher: Teacher,
  texts: readonly string[],
  { maxTexts, ...about }: { name: string; key: string; learntFrom: string; maxTexts: number },
): Promise<Contender> {
  const before = process.cpuUsage();
  const { bytes, texts: learnt } = await distilEmbedder(texts, teacher, {
    ...distilDefaults,
    maxTexts,
    seed: 1,
  });
  const { user, system } = process.cpuUsage(before);
  const embedder = readStaticEmbedder(bytes);
  return {
    ...about,
    learntFrom: `${learnt} ${about.learntFrom}`,
    embed: (all) => all.map((text) => embedder.embed(text)),
    embedder,
    distilSeconds: (user + system) / 1e6,
    bytes: bytes.length,
  };
}

async function intentAccuracy({ train, test }: IntentSet, embed: Contender["embed"]) {
  const known = await embed(train.map(({ text }) => text));
  const asked = await embed(test.map(({ text }) => text));
  const right = asked.filter((vector, i) => {
    const [nearest] = nearestVectors(vector, known);
    return train[nearest!.index]!.intent === test[i]!.intent;
  });
  return wilsonInterval(right.length, test.length);
}

/** Area under the ROC curve of the cosine, ties counted half. */
async function pairArea(pairs: EmbedData["pairs"], embed: Contender["embed"]): Promise<number> {
  const first = await embed(pairs.map(({ a }) => a));
  const second = await embed(pairs.map(({ b }) => b));
  const scored = pairs.map(({ label }, i) => ({ label, cosine: dotProduct(first[i]!, second[i]!) }));
  const right = scored.filter(({ label }) => label === 1);
  const wrong = scored.filter(({ label }) => label !== 1);
  let wins = 0;
  for (const one of right) {
    for (const other of wrong) {
      if (one.cosine > other.cosine) wins += 1;
      else if (one.cosine === other.cosine) wins += 0.5;
    }
  }
  return wins / (right.length * wrong.length);
}

async function latencies(
  teacher: Teacher,
  contenders: readonly Contender[],
  texts: readonly string[],
): Promise<Map<string, { p50: number; p99: number }>> {
  const found = new Map<string, { p50: number; p99: number }>();
  for (const { key, embedder } of contenders) {
    const times: number[] = [];
    for (const text of texts) embedder?.embed(text);
    for (const text of texts) {
      const started = performance.now();
      if (embedder === null) await teacher.embed([text]);
      else embedder.embed(text);
      times.push(performance.now() - started);
    }
    times.sort((a, b) => a - b);
    const at = (share: number) => times[Math.floor(share * (times.length - 1))]!;
    found.set(key, { p50: at(0.5), p99: at(0.99) });
  }
  return found;
}

function interval({ value, low, high }: { value: number; low: number; high: number }): string {
  return `${(100 * value).toFixed(1)} % [${(100 * low).toFixed(1)}, ${(100 * high).toFixed(1)}]`;
}
