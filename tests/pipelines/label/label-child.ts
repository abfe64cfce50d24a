import { openWorkspace } from "../../../datasets/workspace.js";
import type { JudgeMode } from "../../../pipelines/label/judge.js";
import { runLabels } from "../../../pipelines/label/run-labels.js";
import { runOptions } from "./label-workspace.js";

/** A labelling run in a process of its own, so that a test can kill it: WORKSPACE URL MODE. */
const [path, url, mode] = process.argv.slice(2);
await runLabels(openWorkspace(path!), runOptions(url!, { mode: mode as JudgeMode }));
