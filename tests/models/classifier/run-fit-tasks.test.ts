import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { packageRoot } from "../../../datasets/package-root.js";
import { createRandom } from "../../../datasets/random.js";
import { featureMatrix } from "../../../models/classifier/feature-matrix.js";
import type { FoldData } from "../../../models/classifier/fit-fold.js";
import type { MemberPlan } from "../../../models/classifier/fit-members.js";
import type { PartData, PartTask } from "../../../models/classifier/fit-part.js";

import { selectTargets, type Targets } from "../../../models/classifier/head-loss.js";
import { latentDirections } from "../../../models/classifier/latent-directions.js";
import { layOutInputs } from "../../../models/classifier/linear-inputs.js";
import type { runFitTasks } from "../../../models/classifier/run-fit-tasks.js";

/** Workers run compiled code, so this test loads what `npm run build` wrote. */
const compiled = join(packageRoot, "dist/models/classifier/run-fit-tasks.js");

const words = [
  "prove",
  "matrix",
  "letter",
  "invoice",
  "derive",
  "haiku",
  "clause",
  "graph",
  "email",
  "theorem",
];

function longRequests(rows: number): { data: FoldData; halves: [Int32Array, Int32Array] } {
  const random = createRandom(1);
  const texts = Array.from({ length: rows }, () =>
    Array.from({ length: 300 }, () => `${random.pick(words)}${random.below(500)}`).join(" "),
  );
  const targets: Targets = {
    columns: [{ kind: "logistic" }],
    values: Float32Array.from(texts, (text) => Number(text.startsWith("prove") || random.uniform() < 0.3)),
    weights: new Float32Array(rows).fill(1),
  };
  const plan: MemberPlan = { penalties: [{ wide: 10, dense: 100 }], latent: null, seed: 1 };
  const matrix = featureMatrix(texts.map((content) => ({ messages: [{ role: "user", content }] })));
  const every = Int32Array.from({ length: rows }, (_, row) => row);
  return {
    data: { matrix, targets, plan },
    halves: [every.filter((row) => row % 2 === 0), every.filter((row) => row % 2 === 1)],
  };
}

test("worker threads give the same bits as the calling thread, and count every fit", async () => {
  const { runFitTasks: run } = (await import(pathToFileURL(compiled).href)) as {
    runFitTasks: typeof runFitTasks;
  };
  const { data, halves } = longRequests(800);
  expect(data.matrix.ids.length).toBeGreaterThan(300_000);
  const tasks = [
    { inside: halves[0], outside: halves[1] },
    { inside: halves[1], outside: halves[0] },
  ];
  let fits = 0;
  const apart = await run("fold", data, tasks, () => fits++, 2);
  const together = await run("fold", data, tasks, () => {}, 1);
  expect(fits).toBe(2);
  expect(apart.map(({ logits }) => logits[0])).toEqual(together.map(({ logits }) => logits[0]));
  expect(apart[0]!.members.linear[0]!.wideTable).toEqual(together[0]!.members.linear[0]!.wideTable);
});

test("parts of one ensemble have the same bits in worker threads, on shared rows", async () => {
  const { runFitTasks: run } = (await import(pathToFileURL(compiled).href)) as {
    runFitTasks: typeof runFitTasks;
  };
  const { data, halves } = longRequests(800);
  const { matrix, plan } = data;
  const [rows] = halves;
  const inputs = layOutInputs(matrix, rows);
  const count = 4;
  const parts: PartData = {
    matrix,
    rows,
    inputs,
    targets: selectTargets(data.targets, rows),
    penalties: plan.penalties,
    latent: { count, directions: latentDirections(matrix, count, 1) },
    seed: 1,
  };
  expect(inputs.byBucket.ids.buffer).toBeInstanceOf(SharedArrayBuffer);
  const tasks: PartTask[] = [{ kind: "linear", columns: [0] }, { kind: "deep" }];
  let fits = 0;
  const apart = await run("part", parts, tasks, () => fits++, 2);
  expect(fits).toBe(2);
  expect(apart).toEqual(await run("part", parts, tasks, () => {}, 1));
});
