import type { Policy } from "../artifact/artifact.js";
import type { ShadowOffer } from "./shadow-offer.js";
import { ShadowStatus } from "./shadow-pair.js";

/** Which models a pair compares, and which of them the user was served by. */
export interface PairSides {
  baseline: string;
  candidate: string;
  served: "baseline" | "candidate";
  /** The model that is called for the shadow. */
  other: string;
}

/** Tell baseline from candidate. The candidate is always the router's choice. In mode "observe" the baseline is the model that answered;
 * in mode "serve", where the candidate answers, it is the policy's default model. */
export function pairSides(
  { mode, decision, served }: ShadowOffer,
  policy: Readonly<Policy> | null,
): PairSides {
  const candidate = decision.model;
  if (mode === "observe") return { baseline: served.model, candidate, served: "baseline", other: candidate };
  const baseline = policy?.default_model ?? candidate;
  const isFallback = served.model === baseline && baseline !== candidate;
  return { baseline, candidate, served: isFallback ? "baseline" : "candidate", other: baseline };
}

/** Why the other model isn't called, in the order in which reasons count; null when it may be, by what the request says. */
export function whyNotPaired(offer: ShadowOffer, sides: PairSides): ShadowStatus | null {
  const { served, decision, body } = offer;
  if (offer.hasState || actsOnServer(body)) return ShadowStatus.unsupported;
  if (sides.baseline === sides.candidate) return ShadowStatus.sameModel;
  if (served.isAborted || !offer.canReach(sides.other)) return ShadowStatus.unsupported;
  if (offer.mode === "observe") return served.error === null ? null : ShadowStatus.baselineFailed;
  const hasFailed = served.error !== null || served.model !== decision.model;
  return hasFailed ? ShadowStatus.candidateFailed : null;
}

/** Tools that the caller runs, so that a call of them by a model that nobody is served by does nothing. */
const callerTools =
  /^(?:function|custom|local_shell|shell|apply_patch|(?:bash|text_editor|computer|memory)_\d+)$/;

/** Whether the provider itself would act for the request: search, run code, call other servers, or answer later. */
function actsOnServer(body: ShadowOffer["body"]): boolean {
  const tools: unknown[] = Array.isArray(body.tools) ? body.tools : [];
  const isActing = tools.some((tool) => {
    const type = (tool as { type?: unknown } | null)?.type;
    return typeof type === "string" && !callerTools.test(type);
  });
  return (
    isActing || Boolean(body.mcp_servers) || Boolean(body.web_search_options) || body.background === true
  );
}
