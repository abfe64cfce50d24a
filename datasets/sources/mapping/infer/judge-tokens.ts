import type { TokenConvention } from "../mapping.js";

/** The counts of one sampled record. */
export interface SampledCounts {
  input: number;
  output: number;
  total: number | null;
  cached: number;
  reasoning: number;
}

/** A convention of the log, and how it was found. */
export interface ConventionVerdict {
  convention: TokenConvention;
  why: string;
  /** True where the sample can't tell. */
  isOpen: boolean;
}

/** Whether the input count includes the cache: by the total, else by a cache larger than the input. Where both kinds of rows are there
 * (several providers behind one gateway) it is auto. */
export function judgeCache(rows: readonly SampledCounts[]): ConventionVerdict {
  const telling = rows.filter(({ cached }) => cached > 0);
  const inside = telling.filter(({ input, output, total }) => total !== null && total === input + output);
  const outside = telling.filter(
    ({ input, output, total, cached, reasoning }) =>
      (total !== null &&
        (total === input + output + cached || total === input + output + cached + reasoning)) ||
      cached > input,
  );
  return verdict("cache", telling.length, inside.length, outside.length);
}

/** Whether the output count includes the reasoning, by the same tests. */
export function judgeReasoning(rows: readonly SampledCounts[]): ConventionVerdict {
  const telling = rows.filter(({ reasoning }) => reasoning > 0);
  const inside = telling.filter(
    ({ input, output, total, cached }) =>
      total !== null && (total === input + output || total === input + output + cached),
  );
  const outside = telling.filter(
    ({ input, output, total, cached, reasoning }) =>
      (total !== null &&
        (total === input + output + reasoning || total === input + output + cached + reasoning)) ||
      reasoning > output,
  );
  return verdict("reasoning", telling.length, inside.length, outside.length);
}

function verdict(what: string, telling: number, inside: number, outside: number): ConventionVerdict {
  if (telling === 0) return { convention: "auto", why: `no sampled record has ${what} tokens`, isOpen: true };
  if (inside > 0 && outside > 0)
    return {
      convention: "auto",
      why: `${inside} records count the ${what} inside, ${outside} outside`,
      isOpen: false,
    };
  if (outside > 0)
    return {
      convention: "exclusive",
      why: `${outside} of ${telling} records only add up with the ${what} outside`,
      isOpen: false,
    };
  if (inside > 0)
    return {
      convention: "inclusive",
      why: `the total is input plus output in ${inside} of ${telling} records`,
      isOpen: false,
    };
  return {
    convention: "auto",
    why: "there is no total, and nothing contradicts either reading",
    isOpen: true,
  };
}
