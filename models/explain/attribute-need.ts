import {
  capText,
  clampDense,
  type Engine,
  FEATURISER,
  type FeatureVector,
  featurise,
  type Policy,
  type RouteRequest,
  readRequest,
  textCap,
} from "@signalbox/runtime";
import { cuePlaces, denseGroups } from "./dense-groups.js";
import { occludeWords } from "./occlude-words.js";

/** What one part of a request does to the need of the strong model. */
export interface Attribution {
  kind: "word" | "system" | "shape";
  name: string;
  /** Change of the need's log odds that the part makes: above 0 = it speaks for the strong model. */
  logit: number;
  /** The same as a change of probability. */
  probability: number;
}

/** What the need of a request rests on. */
export interface NeedAttribution {
  /** Need of the strong model, in [0, 1]. */
  need: number;
  /** Every part that changes it, strongest first; ties by name. */
  parts: Attribution[];
  /** Distinct words beyond the first {@link wordLimit}, which weren't tried. */
  words_left_out: number;
}

/** Distinct words that are tried: about what a turn of 4,000 characters holds. */
const wordLimit = 600;

/** Attribute the need of the strong model to parts of the request by occlusion: each part is taken away alone, the model is run again,
 * and the difference is the part's. A word goes with all its n-grams and cues, the lengths of the text staying as they are; a group of
 * dense features goes to its mean over the training requests; the system prompt's n-grams go as a whole. The model isn't additive
 * (hidden units, mixed outputs, bent calibration), so parts don't sum to the need, and what two parts say alike shows in neither.
 * Deterministic.
 * @param engine of the artifact's model
 * @param head place of the sufficiency that the need is one minus of
 * @see Zeiler and Fergus 2014, Visualizing and Understanding Convolutional Networks, sec. 4.2 (occlusion) */
export function attributeNeed({
  engine,
  policy,
  head,
  request,
}: {
  engine: Engine;
  policy: Policy;
  head: number;
  request: RouteRequest;
}): NeedAttribution {
  const { userText: fullText, systemText } = readRequest(request);
  const userText = capText(fullText, textCap);
  const needOf = (features: FeatureVector) =>
    1 - engine.predict(clampDense(policy, features)).probabilities[head]!;
  const whole = featurise(request);
  const need = needOf(whole);
  const part = (kind: Attribution["kind"], name: string, features: FeatureVector): Attribution => {
    const without = needOf(features);
    return { kind, name, logit: logOdds(need) - logOdds(without), probability: need - without };
  };
  const { words, leftOut } = occludeWords(userText, wordLimit);
  const parts = [
    ...words.map(({ word, count, without }) =>
      part("word", count > 1 ? `${word} (${count} times)` : word, withoutWord(whole, without, systemText)),
    ),
    ...(systemText === ""
      ? []
      : [
          part("system", "words of the system prompt", {
            ...featurise({ prompt: userText }),
            dense: whole.dense,
          }),
        ]),
    ...Object.entries(denseGroups).map(([name, features]) =>
      part("shape", name, { ...whole, dense: atMean(whole.dense, features, policy) }),
    ),
  ];
  return {
    need,
    parts: parts
      .filter(({ logit }) => logit !== 0)
      .sort((a, b) => Math.abs(b.logit) - Math.abs(a.logit) || (a.name < b.name ? -1 : 1)),
    words_left_out: leftOut,
  };
}

/** N-grams and cues of the text without the word, everything else of the request as it is. */
function withoutWord(whole: FeatureVector, userText: string, systemText: string): FeatureVector {
  const { ids, weights, dense } = featurise({ prompt: userText, system: systemText });
  const kept = whole.dense.slice();
  for (const place of cuePlaces) kept[place] = dense[place]!;
  return { ids, weights, dense: kept };
}

/** Dense features with some at their mean over the training requests; without a record of that, the middle of their range. */
function atMean(dense: Float32Array, names: readonly string[], policy: Policy): Float32Array {
  const means = policy.in_distribution?.score?.shape_mean;
  const range = policy.dense_range;
  const changed = dense.slice();
  for (const name of names) {
    const place = FEATURISER.denseNames.indexOf(name);
    changed[place] = means?.[place] ?? (range ? (range.low[place]! + range.high[place]!) / 2 : 0);
  }
  return changed;
}

/** Probabilities at 0 or 1 in float32 still have finite odds. */
function logOdds(probability: number): number {
  const p = Math.min(1 - smallest, Math.max(smallest, probability));
  return Math.log(p / (1 - p));
}

const smallest = 1e-9;
