import { fitTimeLine } from "./fit-time-line.js";

/** Answers that a class of lengths needs for a distribution of its own. */
const leastAnswers = 20;
/** Answers of a class that are read at most, evenly spaced in order of time; and answers of a model that are stretched to one. */
const mostAnswers = 20_000;

/** Logged answers of one model. */
export interface TimedAnswers {
  /** Places in the columns, in order of time. */
  answers: Int32Array;
  /** Milliseconds; known for each of the answers. */
  times: Float64Array;
  /** Tokens that times grow with, negative = unknown; null where they don't grow. */
  lengths: Int32Array | null;
  /** Class of lengths. */
  classOf: Uint8Array;
}

/** What stands for a class of lengths: answers, and what the time of each is multiplied by. */
export interface ClassAnswers {
  answers: Int32Array;
  factors: Float64Array;
  /** Relative error that the chance in one of the answers, by its place among them, brings into all factors through the line; they sum to 0. */
  errorOf: (place: number) => number;
}

/** Logged answers of a model that stand for each class of lengths: the class's own as they are, or, with fewer than 20 of them, all of the
 * model's, each stretched from its own length to the class's mean length along the model's time to begin and per token. Taken as they are,
 * the short answers of a model that is seldom asked for long ones would make it look fast at them.
 * @param classLengths mean length of each class among all models' answers, NaN = unknown: then nothing is stretched
 * @returns by class; without an answer of the model every class is empty */
export function timesByLength(logged: TimedAnswers, classLengths: Float64Array): ClassAnswers[] {
  let stretch: ((length: number) => ClassAnswers) | null = null;
  return splitByClass(logged, classLengths.length).map((own, place) => {
    if (own.length >= leastAnswers) {
      const answers = evenlySpaced(own);
      return asLogged(answers);
    }
    stretch ??= stretcher(logged);
    return stretch(classLengths[place]!);
  });
}

function splitByClass({ answers, classOf }: TimedAnswers, classes: number): Int32Array[] {
  const counts = new Int32Array(classes);
  for (let i = 0; i < answers.length; i++) counts[classOf[answers[i]!]!]! += 1;
  const byClass = Array.from(counts, (count) => new Int32Array(count));
  counts.fill(0);
  for (let i = 0; i < answers.length; i++) {
    const place = classOf[answers[i]!]!;
    byClass[place]![counts[place]!++] = answers[i]!;
  }
  return byClass;
}

function stretcher({ answers: all, times, lengths }: TimedAnswers): (length: number) => ClassAnswers {
  const answers = evenlySpaced(all);
  if (lengths === null) return () => asLogged(answers);
  const known = answers.filter((i) => lengths[i]! >= 0);
  const line = fitTimeLine(
    known.map((i) => lengths[i]!),
    Float64Array.from(known, (i) => times[i]!),
  );
  const at = (length: number) => (length >= 0 ? line.start + line.perToken * length : Number.NaN);
  const own = Float64Array.from(answers, (i) => at(lengths[i]!));
  // what stretching begins from, in the mean
  const usual = known.reduce((sum, i) => sum + lengths[i]!, 0) / known.length;
  return (length) => {
    const to = at(length);
    if (!(to > 0)) return asLogged(answers);
    return {
      answers,
      factors: own.map((from) => (from > 0 ? to / from : 1)),
      errorOf: (place) => {
        const i = answers[place]!;
        if (!(own[place]! > 0)) return 0;
        const pull =
          line.pullOf(lengths[i]!, 1, length) / to - line.pullOf(lengths[i]!, 1, usual) / at(usual);
        return pull * (times[i]! - own[place]!);
      },
    };
  };
}

function asLogged(answers: Int32Array): ClassAnswers {
  return { answers, factors: new Float64Array(answers.length).fill(1), errorOf: () => 0 };
}

function evenlySpaced(places: Int32Array): Int32Array {
  const step = Math.max(1, Math.ceil(places.length / mostAnswers));
  return Int32Array.from({ length: Math.ceil(places.length / step) }, (_, i) => places[i * step]!);
}
