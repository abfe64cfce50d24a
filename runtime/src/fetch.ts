export type { Answer } from "./adapters/answer.js";
export type { Api, Protocol } from "./adapters/detect-api.js";
export { createRoutedFetch, type RoutedFetch } from "./adapters/routed-fetch.js";
export type {
  Endpoint,
  FetchFunction,
  PassReason,
  RoutableRequest,
  RoutedFetchOptions,
  RoutedFetchStats,
  RoutingRouter,
} from "./adapters/routed-fetch-options.js";
export type { RecordSink } from "./log/line-log.js";
export { redactText } from "./shadow/redact-text.js";
export {
  openResponseShadow,
  type ResponseShadow,
  type ResponseShadowStats,
} from "./shadow/response-shadow.js";
export type { TokenPrice } from "./shadow/shadow-budget.js";
export type { ContentMode, PairContents } from "./shadow/shadow-content.js";
export type { ServedAnswer, ShadowCall, ShadowOffer } from "./shadow/shadow-offer.js";
export type { ResponseShadowOptions } from "./shadow/shadow-settings.js";
