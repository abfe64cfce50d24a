import { openWorkspace } from "../../../../datasets/workspace.js";
import { judgePairs } from "../../../../pipelines/cache/pairs/judge-pairs.js";
import type { JudgeMode } from "../../../../pipelines/label/judge.js";
import { pairOptions } from "./pairs-workspace.js";

/** A run in a process of its own, so that a test can kill it: WORKSPACE URL MODE. */
const [path, url, mode] = process.argv.slice(2);
await judgePairs(openWorkspace(path!), pairOptions(url!, { mode: mode as JudgeMode }));
