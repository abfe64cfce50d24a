import { FEATURISER, featurise } from "@signalbox/runtime";
import { hashUnit } from "../../datasets/synthetic/hash-unit.js";
import { trafficRequest } from "../simulate/traffic-request.js";
import type { ComparedColumn, ComparedRequest } from "./drift-rows.js";
import { sidesOf } from "./sides-of.js";

/** What is asked and by whom: mix of apps, endpoints, names asked for, shape and language of requests; and, where texts were kept, how much of
 * a request's words the traffic before did not have. */
export function populationColumns(requests: readonly ComparedRequest[]): ComparedColumn[] {
  const sides = sidesOf(requests);
  const logged = loggedColumns.map(
    (column): ComparedColumn => ({
      column,
      kind: "population",
      values: requests.map((row) => row[column]),
      sides,
    }),
  );
  const texts = requests.filter(({ user_text }) => user_text !== null);
  return [...logged, ...textColumns(texts)].filter(({ values }) => new Set(values).size > 1);
}

const loggedColumns = [
  "app",
  "endpoint",
  "model_requested",
  "user_chars",
  "system_chars",
  "history_turns",
  "n_tools",
  "n_images",
  "has_json_schema",
  "max_tokens",
] as const;

/** Features of the text that routers lean on; the script is the nearest to a language that can be told without a model. */
const textFeatures = [
  "code_marks",
  "maths_marks",
  "question_marks",
  "list_lines",
  "non_ascii_share",
] as const;

function textColumns(requests: readonly ComparedRequest[]): ComparedColumn[] {
  if (requests.length === 0) return [];
  const vectors = requests.map((row) => featurise(trafficRequest({ ...row, history_json: null })));
  const sides = sidesOf(requests);
  const dense = (name: string) => FEATURISER.denseNames.indexOf(name);
  const scripts = FEATURISER.denseNames.flatMap((name, at) =>
    name.startsWith("script_") ? [{ name, at }] : [],
  );
  const population = (column: string, values: ComparedColumn["values"]): ComparedColumn => ({
    column,
    kind: "population",
    values,
    sides,
  });
  return [
    ...textFeatures.map((name) =>
      population(
        name,
        vectors.map((vector) => vector.dense[dense(name)]!),
      ),
    ),
    population(
      "script",
      vectors.map(({ dense: values }) => {
        const top = scripts.reduce((best, script) => (values[script.at]! > values[best.at]! ? script : best));
        return values[top.at]! > 0 ? top.name.slice("script_".length) : "latin or none";
      }),
    ),
    noveltyColumn(
      requests,
      vectors.map(({ ids }) => ids),
    ),
  ];
}

/** Share of a request's n-grams that half of the sessions before did not have: the other half says how much is new without any drift. */
function noveltyColumn(
  requests: readonly ComparedRequest[],
  ids: ReadonlyArray<ArrayLike<number>>,
): ComparedColumn {
  const isKnown = new Uint8Array(FEATURISER.buckets);
  const isLearnt = requests.map(
    ({ is_since, session }) => !is_since && hashUnit(0, "novelty", session) < 0.5,
  );
  ids.forEach((grams, row) => {
    if (isLearnt[row]) for (let at = 0; at < grams.length; at++) isKnown[grams[at]!] = 1;
  });
  const rows = requests.flatMap((request, row) => (isLearnt[row] ? [] : [{ request, grams: ids[row]! }]));
  return {
    column: "unseen_ngrams",
    kind: "novelty",
    values: rows.map(({ grams }) => {
      let unseen = 0;
      for (let at = 0; at < grams.length; at++) unseen += 1 - isKnown[grams[at]!]!;
      return grams.length === 0 ? 0 : unseen / grams.length;
    }),
    sides: sidesOf(rows.map(({ request }) => request)),
  };
}
