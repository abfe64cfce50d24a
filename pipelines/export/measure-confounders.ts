import {
  type Choice,
  chooseModel,
  clampDense,
  compilePolicy,
  createKernel,
  decodeOnnx,
  featuriseRead,
  type Head,
  type Policy,
  type ReadRequest,
  Reason,
} from "@signalbox/runtime";
import type { ConfounderReport, FlipStatus } from "../../datasets/model-evidence.js";
import type { Estimate } from "../../datasets/results.js";
import { type Confounder, confounders } from "../../models/robustness/confounders.js";
import { flipRate, type GateRequest } from "../../models/robustness/flip-rate.js";
import { searchPrefix } from "../../models/robustness/search-prefix.js";
import type { GateSample } from "./gate-requests.js";

/** Largest share of requests that a family may move to a cheaper model. */
export interface FlipBudgets {
  /** Of each family of fixed wordings. */
  maxFlipRate: number;
  /** Of the searched prefix. */
  maxSearchedFlipRate: number;
}

/** Were every request worded so, a quarter of those that the cheapest model doesn't answer would cost about as much quality as
 * the promise leaves room for. The searched prefix is reported and never refused by default: with the model in hand, a short
 * prefix moves most requests of routers that read text (docs/decisions/0014-ood-and-confounders.md has the figures). */
export const defaultBudgets: FlipBudgets = { maxFlipRate: 0.25, maxSearchedFlipRate: 1 };

/** Requests on which the search may look; the rate is of the others. */
const searched = 24;

/** With fewer requests that could be harmed, a rate says nothing. */
const leastHarmable = 20;

/** Most words that the search tries: the most frequent ones. */
const vocabularySize = 1_000;

/** Measure how often each confounder changes the decisions of a router.
 * @param router the model as it will be exported, and its policy */
export function measureConfounders(
  { requests, source, isSeen }: GateSample,
  router: { onnx: Uint8Array; policy: Policy; heads: readonly Head[] },
  { maxFlipRate, maxSearchedFlipRate }: FlipBudgets,
  seed: number,
): ConfounderReport {
  const choose = chooser(router);
  const dearest = router.policy.models.length - 1;
  const context = { decide: (read: ReadRequest) => choose(read).rank, dearest, seed };
  const harmable = requests.filter(({ read }) => context.decide(read) > 0);
  const row = (
    sample: readonly GateRequest[],
    confounder: Confounder,
    budget: number,
    usual: number,
  ): ConfounderReport["families"][number] => {
    const { toCheaper, toDearer } = flipRate(sample, confounder, context);
    return {
      family: confounder.family,
      about: confounder.about,
      to_cheaper: toCheaper,
      to_dearer: toDearer,
      budget,
      status: statusOf(toCheaper, budget, usual),
    };
  };
  const { prefix, seen } = searchOn(harmable, requests, choose, dearest);
  return {
    requests: requests.length,
    not_cheapest: harmable.length,
    source,
    is_seen_in_training: isSeen,
    families: [
      ...confounders.map((family) => row(requests, family, maxFlipRate, defaultBudgets.maxFlipRate)),
      row(
        requests.filter((request) => !seen.has(request)),
        {
          family: "searched_prefix",
          about: "eight words in front, searched with full sight of the router",
          variants: [(text) => prefix + text],
        },
        maxSearchedFlipRate,
        defaultBudgets.maxSearchedFlipRate,
      ),
    ],
  };
}

/** The router's choice for a request, sessions apart. */
function chooser({
  onnx,
  policy,
  heads,
}: {
  onnx: Uint8Array;
  policy: Policy;
  heads: readonly Head[];
}): (read: ReadRequest) => Choice {
  const kernel = createKernel(decodeOnnx(onnx, "model.onnx"));
  const compiled = compilePolicy(policy, heads);
  return (read) => {
    const features = featuriseRead(read);
    const { probabilities } = kernel.predict(clampDense(policy, features));
    return chooseModel(compiled, { read, features, probabilities });
  };
}

/** The prefix is made of the users' own words, so it is written nowhere. */
function searchOn(
  harmable: readonly GateRequest[],
  requests: readonly GateRequest[],
  choose: (read: ReadRequest) => Choice,
  dearest: number,
): { prefix: string; seen: Set<GateRequest> } {
  const seen = new Set(harmable.slice(0, searched));
  const gain = (read: ReadRequest) => {
    const { rank, score, reasons } = choose(read);
    if (rank < dearest) return 2 - (score ?? 1);
    return reasons[0] === Reason.insufficient ? 1 - (score ?? 1) : 0;
  };
  const prefix = searchPrefix(
    [...seen].map(({ read }) => read),
    frequentWords(requests),
    { gain },
  );
  return { prefix, seen };
}

function frequentWords(requests: readonly GateRequest[]): string[] {
  const counts = new Map<string, number>();
  for (const { read } of requests) {
    const words = read.userText.toLowerCase().match(/\p{L}[\p{L}\p{N}'-]*/gu) ?? [];
    for (const word of new Set(words)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .slice(0, vocabularySize)
    .map(([word]) => word);
}

function statusOf(rate: Estimate | null, budget: number, usual: number): FlipStatus {
  if (rate === null || rate.n < leastHarmable) return "not_judged";
  if (rate.value > budget) return "over";
  return rate.value > usual ? "accepted" : "within";
}
