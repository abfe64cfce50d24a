import { join } from "node:path";
import { packageRoot } from "../datasets/package-root.js";
import { sampleOptions } from "../datasets/synthetic/sample-options.js";
import { generateTraffic } from "../datasets/synthetic/traffic.js";
import { writeTraffic } from "../datasets/synthetic/write-traffic.js";
import { printLine } from "./terminal.js";

/** Writes datasets/samples: synthetic traffic in three log formats (npm run samples). */
for (const path of writeTraffic(generateTraffic(sampleOptions), join(packageRoot, "datasets", "samples")))
  printLine(path);
