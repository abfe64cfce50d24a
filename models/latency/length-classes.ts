/** Output tokens from which a class of lengths begins: time to the last token grows with them. Each class is twice as long as the one before,
 * so that answers within one are of similar length. */
export const outputClasses = [0, 32, 64, 128, 256, 512, 1024, 2048, 4096] as const;

/** Input tokens from which a class of prompts begins: time to the first token grows with them. */
export const promptClasses = [0, 256, 1024, 4096, 16384] as const;

/** Class of a length; an unknown one (-1) counts as the shortest.
 * @param classes lengths from which classes begin, ascending, the first 0 */
export function lengthClass(classes: readonly number[], tokens: number): number {
  let place = classes.length - 1;
  while (place > 0 && tokens < classes[place]!) place -= 1;
  return place;
}

/** Sums behind the mean length of each class. */
export class ClassLengths {
  private readonly tokens: Float64Array;
  private readonly count: Float64Array;

  constructor(classes: number) {
    this.tokens = new Float64Array(classes);
    this.count = new Float64Array(classes);
  }

  /** Count an answer; one of unknown length (negative) counts for nothing. */
  add(place: number, tokens: number): void {
    if (tokens < 0) return;
    this.tokens[place]! += tokens;
    this.count[place]! += 1;
  }

  /** Mean tokens by class; NaN for a class without a known length. */
  means(): Float64Array {
    return this.tokens.map((tokens, place) => tokens / this.count[place]!);
  }
}

/** Class of each of a column's lengths. */
export function lengthClassesOf(classes: readonly number[], lengths: Int32Array): Uint8Array {
  const found = new Uint8Array(lengths.length);
  for (let i = 0; i < found.length; i++) found[i] = lengthClass(classes, lengths[i]!);
  return found;
}
