import { openWorkspace } from "../../../datasets/workspace.js";
import { publishProgress } from "../../../scripts/progress/publish-progress.js";

/** A stage that reads a file: a tenth of it at once, more with each line on its standard input, until that ends. */
const { progress, end } = publishProgress(openWorkspace(process.argv[2]!), "ingest");
let done = 100;
const go = () => progress({ label: "reading app.jsonl", done, total: 1_000, unit: "records" });
go();
setTimeout(go, 600);
process.stdin.on("data", () => {
  done += 100;
  setTimeout(go, 600);
});
process.stdin.on("end", end);
