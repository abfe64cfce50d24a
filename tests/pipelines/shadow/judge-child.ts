import { openWorkspace } from "../../../datasets/workspace.js";
import { judgeShadow } from "../../../pipelines/shadow/judge/judge-shadow.js";
import { judgeOptions } from "./planted-shadow.js";

/** A run in a process of its own, so that a test can kill it: WORKSPACE FILE URL. */
const [path, file, url] = process.argv.slice(2);
await judgeShadow(openWorkspace(path!), judgeOptions(file!, url!));
