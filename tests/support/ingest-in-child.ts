import { openOrCreateWorkspace } from "../../datasets/workspace.js";
import { ingest } from "../../pipelines/ingest/ingest.js";

/** Ingest in a process of its own, to be killed: WORKSPACE MAPPING BATCH_BYTES FILE... Says `reading` before it begins. */
const [workspace, map, batchBytes, ...paths] = process.argv.slice(2) as [string, string, string, ...string[]];
process.stdout.write("reading\n");
await ingest(openOrCreateWorkspace(workspace), paths, { map, batchBytes: Number(batchBytes) });
