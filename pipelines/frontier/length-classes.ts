/** Output tokens from which a class of lengths begins: time to the last token grows with them. The classes of the comparison's latencies. */
export const lengthClasses = [0, 32, 128, 512, 2048] as const;

/** Class of an answer's length, 0 to 4; an unknown length (-1) counts as the shortest. */
export function classOfLength(tokens: number): number {
  let place = lengthClasses.length - 1;
  while (place > 0 && tokens < lengthClasses[place]!) place -= 1;
  return place;
}
