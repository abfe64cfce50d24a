import type {
  LanguageModelV3,
  LanguageModelV3CallOptions,
  LanguageModelV3GenerateResult,
  LanguageModelV3StreamPart,
  LanguageModelV3StreamResult,
  SharedV3ProviderMetadata,
} from "@ai-sdk/provider";
import type { CallResult } from "../../log/decision-record.js";
import type { RouteRequest } from "../../request/request.js";
import type { Decision } from "../../router/decision.js";
import type { FallbackRouter } from "../deciding-router.js";
import { CallsFailed, callModels, type ModelAnswer } from "./call-models.js";
import { callResultOf } from "./call-result-of.js";
import { type OpenStream, openStream } from "./open-stream.js";
import { routeRequestOf } from "./route-request-of.js";
import { sharedUrls } from "./shared-urls.js";
import { watchStream } from "./watch-stream.js";

/** What a routed model is made of. */
export interface RoutedModelOptions {
  router: FallbackRouter;
  /** The models that may answer, under the names that the artifact's policy gives them, in ascending cost: the last one answers when the
   * router names a model that isn't here. */
  models: Readonly<Record<string, LanguageModelV3>>;
  /** Is told each decision before the call; what it throws is dropped. */
  onDecision?: (decision: Decision) => void;
  /** Conversation id of a call; `providerOptions.signalbox.sessionId` when absent. */
  sessionOf?: (call: LanguageModelV3CallOptions) => string | null | undefined;
  /** Facts for rules and slices; `providerOptions.signalbox.meta` when absent. */
  metaOf?: (call: LanguageModelV3CallOptions) => RouteRequest["meta"];
}

/** Make a language model of the AI SDK that decides for each call which of several models answers it, calls that one, goes to the
 * decision's fallbacks when it fails before its answer has begun, and records what came of it. The decision is in
 * `providerMetadata.signalbox`; the request's own `providerOptions.signalbox` may hold `sessionId`, `requestId`, `meta`,
 * `retention` and `maxCostUsd`. It never fails a call that a single model would have answered.
 * @throws {RangeError} when `models` is empty
 * @see https://ai-sdk.dev/docs/foundations/providers-and-models the interface, version 3 of AI SDK 6; its middleware can't switch models */
export function routedModel(options: RoutedModelOptions): LanguageModelV3 {
  const models = new Map(Object.entries(options.models));
  if (models.size === 0) throw new RangeError("routedModel: models is empty; give at least one");
  return {
    specificationVersion: "v3",
    provider: "signalbox",
    modelId: "routed",
    get supportedUrls() {
      return sharedUrls([...models.values()]);
    },
    doGenerate: (call) => generate(openRoute(options, models, call), call),
    doStream: (call) => stream(openRoute(options, models, call), call),
  };
}

/** One request on its way. */
interface Route {
  decision: Decision;
  run<T>(call: (model: LanguageModelV3) => PromiseLike<T>): Promise<ModelAnswer<T>>;
  record(answer: Pick<ModelAnswer<unknown>, "servedModel" | "attempts">, result: CallResult): void;
  metadata(answer: ModelAnswer<unknown>): SharedV3ProviderMetadata;
  started: number;
}

function openRoute(
  { router, onDecision, sessionOf, metaOf }: RoutedModelOptions,
  models: ReadonlyMap<string, LanguageModelV3>,
  call: LanguageModelV3CallOptions,
): Route {
  const names = [...models.keys()];
  const given = (call.providerOptions?.signalbox ?? {}) as Omit<RouteRequest, "messages">;
  const decision = router.decide({
    ...given,
    ...(attempt(() => routeRequestOf(call)) ?? {}),
    sessionId: attempt(() => sessionOf?.(call)) ?? given.sessionId,
    meta: attempt(() => metaOf?.(call)) ?? given.meta,
    allowModels: names,
  });
  attempt(() => onDecision?.(decision));
  const first = [decision.model, ...decision.fallbacks].find((name) => models.has(name)) ?? names.at(-1)!;
  const started = performance.now();
  const record: Route["record"] = ({ servedModel, attempts }, result) =>
    router.record(decision, {
      servedModel,
      attempts: attempts.length > 1 ? attempts : [],
      latencyMs: performance.now() - started,
      ...result,
    });
  return {
    decision,
    started,
    record,
    run: async (run) => {
      try {
        return await callModels({ router, decision, models, first, signal: call.abortSignal, call: run });
      } catch (failure) {
        if (!(failure instanceof CallsFailed)) throw failure;
        record(failure, { error: failure.error, errorClass: failure.errorClass });
        throw failure.error;
      }
    },
    metadata: ({ servedModel, attempts }) => ({
      signalbox: {
        ...decision,
        servedModel,
        attempts: attempts.map(({ model, error_class }) => ({ model, errorClass: error_class })),
      },
    }),
  };
}

/** What a hook of the caller's gives; undefined when it throws. */
function attempt<T>(hook: () => T): T | undefined {
  try {
    return hook();
  } catch {
    return undefined;
  }
}

async function generate(
  route: Route,
  call: LanguageModelV3CallOptions,
): Promise<LanguageModelV3GenerateResult> {
  const served = await route.run((model) => model.doGenerate(call));
  const { answer } = served;
  route.record(served, callResultOf(answer));
  return { ...answer, providerMetadata: { ...answer.providerMetadata, ...route.metadata(served) } };
}

async function stream(route: Route, call: LanguageModelV3CallOptions): Promise<LanguageModelV3StreamResult> {
  const served = await route.run(async (model) => {
    const result = await model.doStream(call);
    return { result, opened: await openStream(result.stream) };
  });
  const { result, opened } = served.answer;
  return { ...result, stream: watchAnswer(route, served, opened) };
}

function watchAnswer(
  route: Route,
  served: ModelAnswer<unknown>,
  opened: OpenStream,
): ReadableStream<LanguageModelV3StreamPart> {
  const addDecision = (part: LanguageModelV3StreamPart): LanguageModelV3StreamPart =>
    part.type === "finish"
      ? { ...part, providerMetadata: { ...part.providerMetadata, ...route.metadata(served) } }
      : part;
  const ttftMs = opened.firstAt - route.started;
  return watchStream(opened, addDecision, (result) => route.record(served, { ttftMs, ...result }));
}
