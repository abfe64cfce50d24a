/** Finds out in one pass which groups of hints occur in a text: an Aho-Corasick automaton over letters of either case, with
 * all digits taken for one.
 * @param groups lower-case hints; `0` is any digit, a character beyond ASCII stands for all of them
 * @returns a function from a text to one flag per group; flags are reused by the next call
 * @see Aho and Corasick 1975, Efficient string matching */
export function hintScanner(groups: ReadonlyArray<readonly string[]>): (text: string) => Uint8Array {
  const classes = classify(groups);
  const { next, groupsOf } = buildAutomaton(groups, classes);
  const isFound = new Uint8Array(groups.length);
  const rows = Uint32Array.from(
    next,
    (state) => state * classCount + (groupsOf[state]!.length > 0 ? final : 0),
  );
  return (text) => {
    isFound.fill(0);
    let row = 0;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      row = rows[row + (code < 128 ? classes[code]! : beyondAscii)]!;
      if (row >= final) {
        row -= final;
        for (const group of groupsOf[row / classCount]!) isFound[group] = 1;
      }
    }
    return isFound;
  };
}

/** Room for all characters that hints use; a power of two. */
const classCount = 64;
const beyondAscii = classCount - 1;

/** Added to the table row of a state in which a hint ends. */
const final = 2 ** 24;

/** Class of every ASCII character; 0 for those that no hint has. */
function classify(groups: ReadonlyArray<readonly string[]>): Uint8Array {
  const classes = new Uint8Array(128);
  let count = 0;
  for (const character of new Set(groups.flat().join("")))
    if (character < "\x80") classes[character.charCodeAt(0)] = ++count;
  for (let code = 0; code < 128; code++) {
    const character = String.fromCharCode(code);
    const folded = /\d/.test(character) ? "0" : character.toLowerCase();
    classes[code] = classes[folded.charCodeAt(0)]!;
  }
  return classes;
}

function buildAutomaton(
  groups: ReadonlyArray<readonly string[]>,
  classes: Uint8Array,
): { next: Uint16Array; groupsOf: number[][] } {
  const children: Array<Map<number, number>> = [new Map()];
  const groupsOf: number[][] = [[]];
  groups.forEach((hints, group) => {
    for (const hint of hints) {
      let state = 0;
      for (let i = 0; i < hint.length; i++) {
        const letter = classes[hint.charCodeAt(i)] ?? beyondAscii;
        const known = children[state]!.get(letter);
        if (known === undefined) {
          children[state]!.set(letter, children.length);
          state = children.length;
          children.push(new Map());
          groupsOf.push([]);
        } else state = known;
      }
      groupsOf[state]!.push(group);
    }
  });
  return { next: fillTransitions(children, groupsOf), groupsOf };
}

/** Breadth first: a state without a child for a letter goes where its longest proper suffix goes. */
function fillTransitions(
  children: ReadonlyArray<ReadonlyMap<number, number>>,
  groupsOf: number[][],
): Uint16Array {
  const next = new Uint16Array(children.length * classCount);
  const fallback = new Uint16Array(children.length);
  const queue = [0];
  for (let state = queue.shift(); state !== undefined; state = queue.shift()) {
    groupsOf[state] = [...new Set([...groupsOf[state]!, ...groupsOf[fallback[state]!]!])];
    for (let letter = 0; letter < classCount; letter++) {
      const child = children[state]!.get(letter);
      const elsewhere = state === 0 ? 0 : next[fallback[state]! * classCount + letter]!;
      if (child !== undefined) {
        fallback[child] = elsewhere;
        queue.push(child);
      }
      next[state * classCount + letter] = child ?? elsewhere;
    }
  }
  return next;
}
