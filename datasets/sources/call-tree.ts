/** One observation as the tree sees it. */
interface TreeNode {
  id: string;
  parentId: string | null;
  isCall: boolean;
  /** Tokens that it states of its own; null when it states none. */
  counts: Counts | null;
}

interface Counts {
  input: number;
  output: number;
}

/** Finds calls that stand for the calls below them, whichever is read first. */
export class CallTree {
  private readonly nodes = new Map<string, TreeNode>();
  private readonly below = new Map<string, { sum: Counts; each: Counts[] }>();

  /** Add an observation, once. Past some hundred thousand the oldest are forgotten. */
  add(node: TreeNode): void {
    if (this.nodes.has(node.id)) return;
    if (this.nodes.size >= maxNodes) this.forgetOldest();
    this.nodes.set(node.id, node);
    const own = node.isCall ? (node.counts ?? { input: 0, output: 0 }) : null;
    const found = own === null ? (this.below.get(node.id)?.sum ?? null) : own;
    if (found !== null) this.addAbove(node, found);
  }

  /** Why a call is a wrapper of others; null when it is a call of its own. */
  whyWrapper(id: string): string | null {
    const below = this.below.get(id);
    if (below === undefined) return null;
    const own = this.nodes.get(id)?.counts ?? null;
    if (own === null) return "wraps other calls and counts nothing itself";
    const repeats = [below.sum, ...below.each].some(
      ({ input, output }) => input === own.input && output === own.output && input + output > 0,
    );
    return repeats ? "repeats the usage of the calls below it" : null;
  }

  private addAbove(node: TreeNode, counts: Counts): void {
    let parentId = node.parentId;
    for (let depth = 0; parentId !== null && parentId !== node.id && depth < maxDepth; depth++) {
      const entry = this.below.get(parentId) ?? { sum: { input: 0, output: 0 }, each: [] };
      entry.sum = { input: entry.sum.input + counts.input, output: entry.sum.output + counts.output };
      if (entry.each.length < maxChildren) entry.each.push(counts);
      this.below.set(parentId, entry);
      const parent = this.nodes.get(parentId);
      // A call that counts tokens stands for all below it.
      if (parent === undefined || (parent.isCall && parent.counts !== null)) return;
      parentId = parent.parentId;
    }
  }

  private forgetOldest(): void {
    const oldest = [...this.nodes.keys()].slice(0, maxNodes / 2);
    for (const id of oldest) {
      this.nodes.delete(id);
      this.below.delete(id);
    }
  }
}

const maxNodes = 200_000;
const maxDepth = 100;
const maxChildren = 50;
