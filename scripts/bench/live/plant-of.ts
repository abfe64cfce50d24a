import { loopbackRefusal, plantedCall } from "../../../datasets/synthetic/loopback-model.js";
import { findSyntheticModel } from "../../../datasets/synthetic/synthetic-models.js";
import {
  countTokens,
  type SyntheticRequest,
  type SyntheticWorld,
} from "../../../datasets/synthetic/traffic.js";
import type { ModelProcessOptions } from "./model-process.js";

/** What is true of the traffic that the router would move, over all requests and not only the sampled ones. */
export interface Plant {
  /** Requests that the router gives to the weak model. */
  moved: number;
  /** Mean of strong adequate minus weak adequate where neither call fails; a refusal is not adequate. */
  difference: number;
  strongMedianMs: number;
  weakMedianMs: number;
  strongErrorShare: number;
  weakErrorShare: number;
  strongRefusalShare: number;
  weakRefusalShare: number;
  /** List price of all calls that didn't fail, over those that were adequate. */
  strongUsdPerSuccess: number;
  weakUsdPerSuccess: number;
}

/** Truth of the requests that the router moves to the weak model.
 * @param isMoved whether the router names the weak model for a request id */
export function plantOf(
  world: SyntheticWorld,
  requests: readonly SyntheticRequest[],
  { strong, weak }: { strong: ModelProcessOptions; weak: ModelProcessOptions },
  isMoved: (request: SyntheticRequest) => boolean,
): Plant {
  const moved = requests.filter(isMoved);
  const call = (model: ModelProcessOptions, { userText }: SyntheticRequest) => plantedCall(model, userText);
  const quality = (model: ModelProcessOptions, request: SyntheticRequest) =>
    !call(model, request).isRefused && world.truthOf(request.userText)?.isAdequate[model.model] ? 1 : 0;
  const both = moved.filter((request) => !call(strong, request).isFailed && !call(weak, request).isFailed);
  const usdPerSuccess = (model: ModelProcessOptions) =>
    both.reduce((sum, request) => sum + usdOf(world, model, request, call(model, request).isRefused), 0) /
    both.reduce((sum, request) => sum + quality(model, request), 0);
  const share = (of: (request: SyntheticRequest) => boolean) => moved.filter(of).length / moved.length;
  return {
    moved: moved.length,
    difference:
      both.reduce((sum, request) => sum + quality(strong, request) - quality(weak, request), 0) / both.length,
    strongMedianMs: median(both.map((request) => call(strong, request).latencyMs)),
    weakMedianMs: median(both.map((request) => call(weak, request).latencyMs)),
    strongErrorShare: share((request) => call(strong, request).isFailed),
    weakErrorShare: share((request) => call(weak, request).isFailed),
    strongRefusalShare: share((request) => call(strong, request).isRefused),
    weakRefusalShare: share((request) => call(weak, request).isRefused),
    strongUsdPerSuccess: usdPerSuccess(strong),
    weakUsdPerSuccess: usdPerSuccess(weak),
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

function usdOf(
  world: SyntheticWorld,
  { model }: ModelProcessOptions,
  { app, history, userText }: SyntheticRequest,
  isRefused: boolean,
): number {
  const { usdPerMTok } = findSyntheticModel(model)!;
  const texts = [app.system, ...history.map(({ content }) => content), userText];
  const input = texts.reduce((sum, text) => sum + countTokens(text), 0);
  const output = countTokens((isRefused ? null : world.answerOf(userText, model)) ?? loopbackRefusal);
  return (input * usdPerMTok.input + output * usdPerMTok.output) / 1e6;
}
