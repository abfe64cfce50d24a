import { type LoopbackModelOptions, startLoopbackModel } from "../../../datasets/synthetic/loopback-model.js";
import { generateTraffic, type TrafficOptions } from "../../../datasets/synthetic/traffic.js";

/** What the process is told, as JSON in its first argument. */
export type ModelProcessOptions = Omit<LoopbackModelOptions, "world"> & { traffic: TrafficOptions };

// A model server in a process of its own, so that it can be killed as a real one is. Prints its URL once it listens.
const { traffic, ...options } = JSON.parse(process.argv[2]!) as ModelProcessOptions;
const { url } = await startLoopbackModel({ ...options, world: generateTraffic(traffic) });
console.log(url);
