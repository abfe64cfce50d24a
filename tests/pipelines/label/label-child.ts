import { openWorkspace } from "../../../datasets/workspace.js";
import type { JudgeApiName, JudgeMode } from "../../../pipelines/label/judge.js";
import { runLabels } from "../../../pipelines/label/run-labels.js";
import { runOptions } from "./run-options.js";

/** A labelling run in a process of its own, so that a test can kill it: WORKSPACE URL MODE API. */
const [path, url, mode, api] = process.argv.slice(2);
const options = { mode: mode as JudgeMode, judgeApi: api as JudgeApiName };
await runLabels(openWorkspace(path!), runOptions(url!, options));
