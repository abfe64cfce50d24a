import { hash } from "node:crypto";
import { dotProduct } from "../embed/nearest.js";

/** Numbers the answers of a log: equal numbers = one answer, as far as the log shows. */
export interface AnswerGrouper {
  /** @param scope answers of different scopes are never one
   * @returns the group's number, from 0 */
  groupOf(scope: string, answer: string): number;
}

/** How answers are held for the same. */
export interface GroupOptions {
  /** Also join answers whose vectors have at least this cosine with the first answer of a group; null = equal texts alone.
   * @see Leader clustering: Hartigan 1975, Clustering Algorithms, ch. 3 */
  minCosine?: number | null;
  /** Vectors of length 1. Needed with `minCosine`. */
  embed?: (text: string) => Float32Array;
  /** Most groups whose vectors are held, over all scopes; beyond it the oldest is forgotten, and only equal texts find it. */
  capacity?: number;
}

/** Group answers as they come, in one pass: first by equal text (case, white space and Unicode form aside), then, when asked, by
 * likeness to the first answer of each group of the scope, the likest first. Wordings that differ by a number are alike to an
 * embedder, so `minCosine` is an aid for finding variants, never a proof that two answers say the same. */
export function groupAnswers(options: GroupOptions = {}): AnswerGrouper {
  const { minCosine = null, embed, capacity = 5_000 } = options;
  if (minCosine !== null && embed === undefined) throw new RangeError("minCosine needs embed");
  const groupsOfTexts = new Map<string, number>();
  const leaders = new Leaders(capacity);
  let next = 0;

  function joinOrLead(scope: string, answer: string): number {
    if (minCosine === null) return next++;
    const vector = embed!(answer);
    const joined = leaders.find(scope, vector, minCosine);
    if (joined !== null) return joined;
    leaders.add(scope, { group: next, vector });
    return next++;
  }

  return {
    groupOf(scope, answer) {
      const key = keyOf(scope, answer);
      const known = groupsOfTexts.get(key);
      if (known !== undefined) return known;
      const group = joinOrLead(scope, answer);
      groupsOfTexts.set(key, group);
      return group;
    },
  };
}

function keyOf(scope: string, answer: string): string {
  const folded = answer.normalize("NFC").replace(/\s+/gu, " ").trim().toLowerCase();
  return hash("sha256", `${scope}\0${folded}`, "base64").slice(0, 22);
}

interface Leader {
  group: number;
  vector: Float32Array;
}

class Leaders {
  private readonly byScope = new Map<string, Leader[]>();
  /** Scope of each held group, the oldest first. */
  private readonly scopes = new Map<number, string>();

  constructor(private readonly capacity: number) {}

  find(scope: string, vector: Float32Array, minCosine: number): number | null {
    let best: number | null = null;
    let bestCosine = minCosine;
    for (const leader of this.byScope.get(scope) ?? []) {
      const cosine = dotProduct(vector, leader.vector);
      if (cosine < bestCosine || (cosine === bestCosine && best !== null)) continue;
      best = leader.group;
      bestCosine = cosine;
    }
    return best;
  }

  add(scope: string, leader: Leader): void {
    const held = this.byScope.get(scope);
    if (held) held.push(leader);
    else this.byScope.set(scope, [leader]);
    this.scopes.set(leader.group, scope);
    if (this.scopes.size > this.capacity) this.forgetOldest();
  }

  private forgetOldest(): void {
    const [group, scope] = this.scopes.entries().next().value!;
    this.scopes.delete(group);
    const held = this.byScope.get(scope)!;
    held.shift();
    if (held.length === 0) this.byScope.delete(scope);
  }
}
