import type { RequestCount } from "./count-request.js";

/** What was counted and what was billed of one request whose usage the log has. */
export interface CountPair {
  /** Canonical name. */
  model: string;
  isStructured: boolean;
  inputCounted: number;
  inputLogged: number;
  outputCounted: number;
  outputLogged: number;
}

/** Tokens of a request without usage. */
export interface TokenEstimate {
  input: number;
  output: number;
  /** Half width of the 90 % band of input and output together, as a share of them. */
  errorShare: number;
  /** `counted` by the model's own tokenizer, or `estimated`. */
  source: "counted" | "estimated";
}

/** Turns counts into estimates. */
export interface Calibration {
  /** @returns null when nothing is known of tokens that no text shows: a model that reasons in secret, without enough pairs */
  estimate(model: string, count: RequestCount): TokenEstimate | null;
}

/** Learn from requests with usage by how much a model bills more than was counted: the median ratio of the model's pairs, else of its
 * family's, else the ratio that was measured on recorded answers (docs/token-estimates.md). The band is a split conformal one: 90 % of
 * the leave-one-out distances to the median, on the log scale, with the correction for small samples, so it needs
 * {@link fewestPairs} pairs. Requests with tools or a schema are calibrated apart.
 * @see Vovk et al. 2005, Algorithmic Learning in a Random World; Barber et al. 2021, Predictive inference with the jackknife+ */
export function calibrateCounts(pairs: readonly CountPair[]): Calibration {
  const ratios = new Map<string, number[]>();
  const add = (key: string, counted: number, logged: number): void => {
    if (counted <= 0 || logged <= 0) return;
    const known = ratios.get(key);
    if (known) known.push(Math.log(logged / counted));
    else ratios.set(key, [Math.log(logged / counted)]);
  };
  for (const pair of pairs.filter(isPlausible)) {
    for (const level of [pair.model, `family ${familyOf(pair.model)}`]) {
      add(`${level} input ${pair.isStructured}`, pair.inputCounted, pair.inputLogged);
      add(`${level} output ${pair.isStructured}`, pair.outputCounted, pair.outputLogged);
    }
  }
  const fits = new Map<string, Fit | null>();
  const fitOf = (key: string): Fit | null => {
    let fit = fits.get(key);
    if (fit === undefined) {
      fit = fitRatios(ratios.get(key) ?? []);
      fits.set(key, fit);
    }
    return fit;
  };
  return {
    estimate: (model, count) => {
      const side = (name: "input" | "output"): Fit | null => {
        const kind = `${name} ${count.isStructured}`;
        const own = fitOf(`${model} ${kind}`);
        if (own) return own;
        if (name === "output" && reasonsInSecret(model)) return null;
        const isExact = isExactlyCounted(model, count.isStructured);
        return (
          (isExact ? null : fitOf(`family ${familyOf(model)} ${kind}`)) ??
          measured(model, name, count.isStructured)
        );
      };
      return combine(model, count, side("input"), side("output"));
    },
  };
}

/** Beyond a factor of twenty the prompt is not what was billed: a document was sent that the log doesn't show. Answers may hide any
 * amount of reasoning. */
function isPlausible({ inputCounted, inputLogged }: CountPair): boolean {
  return inputLogged < inputCounted * 20 && inputCounted < inputLogged * 20;
}

/** Pairs from which on a 90 % band exists: of ten values the last is above the other nine in 10 % of all cases. */
export const fewestPairs = 9;

const coverage = 0.9;

/** On the log scale: billed = counted * exp(centre), within exp(+-half). */
interface Fit {
  centre: number;
  half: number;
}

function fitRatios(ratios: readonly number[]): Fit | null {
  const n = ratios.length;
  if (n < fewestPairs) return null;
  const sorted = [...ratios].sort((a, b) => a - b);
  const distances = sorted
    .map((ratio, i) => Math.abs(ratio - medianWithout(sorted, i)))
    .sort((a, b) => a - b);
  return { centre: medianWithout(sorted, n), half: distances[Math.ceil(coverage * (n + 1)) - 1]! };
}

/** Median of sorted values when one of them is left out; none is when `left` is their number. */
function medianWithout(sorted: readonly number[], left: number): number {
  const n = left < sorted.length ? sorted.length - 1 : sorted.length;
  const at = (i: number): number => sorted[i < left ? i : i + 1]!;
  return n % 2 === 1 ? at((n - 1) / 2) : (at(n / 2 - 1) + at(n / 2)) / 2;
}

function combine(
  model: string,
  count: RequestCount,
  input: Fit | null,
  output: Fit | null,
): TokenEstimate | null {
  if (input === null || output === null) return null;
  const estimate = (counted: number, { centre }: Fit): number => Math.round(counted * Math.exp(centre));
  const inputTokens = estimate(count.input, input);
  const outputTokens = estimate(count.output, output);
  const total = Math.max(1, inputTokens + outputTokens);
  const share = ({ half }: Fit): number => Math.exp(half) - 1;
  const isCounted =
    isExactlyCounted(model, count.isStructured) &&
    !reasonsInSecret(model) &&
    inputTokens === count.input &&
    outputTokens === count.output;
  return {
    input: inputTokens,
    output: outputTokens,
    errorShare: (inputTokens * share(input) + outputTokens * share(output)) / total,
    source: isCounted ? "counted" : "estimated",
  };
}

/** OpenAI's vocabularies are the ones that are counted with. */
function isExactlyCounted(model: string, isStructured: boolean): boolean {
  return familyOf(model) === "openai" && !isStructured;
}

/** Models that bill tokens which no log shows. */
function reasonsInSecret(model: string): boolean {
  return /^(?:o\d|gpt-5(?!.*chat)|gpt-oss|codex)|think|reason|-r1\b|magistral|qwq|grok-(?:3-mini|[4-9])|gemini-(?:2\.5|[3-9])/.test(
    model,
  );
}

/** Models that share a tokenizer, more or less: the letters with which the name begins. */
function familyOf(model: string): string {
  const [word = ""] = /[a-z]+/.exec(model.slice(model.lastIndexOf("/") + 1).toLowerCase()) ?? [];
  return ["gpt", "o", "chatgpt", "davinci", "text", "ft"].includes(word) ? "openai" : word;
}

/** Billed to counted on recorded answers, and how far nine of ten are from it: where a log has too few rows of its own.
 * Measured by `npm run bench:tokens`. */
const measuredRatios: Readonly<
  Record<string, Record<"input" | "output" | "structured", [ratio: number, half: number]>>
> = {
  openai: { input: [1, 0.03], output: [1, 0.04], structured: [1, 1] },
  claude: { input: [1.17, 0.4], output: [1.19, 0.15], structured: [2.5, 1] },
  gemini: { input: [1.05, 0.5], output: [1.06, 0.13], structured: [1.2, 1] },
  other: { input: [1.13, 0.7], output: [1.1, 0.25], structured: [1.5, 1.2] },
};

function measured(model: string, side: "input" | "output", isStructured: boolean): Fit {
  const ratios = measuredRatios[familyOf(model)] ?? measuredRatios.other!;
  const [ratio, half] = isStructured && side === "input" ? ratios.structured : ratios[side];
  return { centre: Math.log(ratio), half };
}
