/** What an installed runtime must do on every Node: load, decide the golden rows, swap while it decides, roll back, log. Run in a project
 * that has it: node smoke.mjs ARTIFACTS SECOND, where ARTIFACTS has a latest.json; prints one JSON document. */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(join(process.cwd(), "package.json"));
const { loadRouter } = await import(pathToFileURL(require.resolve("@signalbox/runtime")).href);

const [artifacts, second] = process.argv.slice(2);
const log = join(artifacts, `decisions-${process.version}.jsonl`);
let swapped = () => {};
const swap = new Promise((resolve) => {
  swapped = resolve;
});
const first = JSON.parse(readFileSync(join(artifacts, "latest.json"), "utf8")).artifact_id;
const router = await loadRouter(artifacts, { watch: true, decisionLog: log, onReload: swapped });
const golden = readFileSync(join(artifacts, first, "golden.jsonl"), "utf8")
  .trim()
  .split("\n");
const wrong = golden.filter((line) => {
  const { request, model } = JSON.parse(line);
  const decision = router.decide(request);
  router.record(decision);
  return decision.model !== model;
}).length;
writeFileSync(join(artifacts, "latest.json"), JSON.stringify({ artifact_id: second }));
const reload = await swap;
const after = router.decide({ prompt: "Hello" }).artifact;
router.rollback();
const back = router.decide({ prompt: "Hello" }).artifact;
await router.close();
const logged = readFileSync(log, "utf8").trim().split("\n").length;
writeFileSync(join(artifacts, "latest.json"), JSON.stringify({ artifact_id: first }));
const { errors } = router.stats();
const major = Number(process.versions.node.split(".")[0]);
process.stdout.write(
  JSON.stringify({
    major,
    wrong,
    logged,
    golden: golden.length,
    reload: reload.outcome,
    after,
    back,
    errors,
  }),
);
