import { type Calibration, CalibrationMethod } from "./calibration.js";
import { fitPlatt } from "./fit-platt.js";

const bins = 10;
/** Least slope of the map, so that it stays strictly increasing and keeps the ranking. */
const leastSlope = 0.1;
/** Each bin is pulled towards Platt's answer by this many rows, so that none is ever 0 or 1. */
const priorRows = 2;

/** Isotonic regression of targets on scores, over ten bins of equal size and joined by straight lines on the logit scale, so that
 * the graph can hold it: pool-adjacent-violators on the bins' means, Platt's slope beyond the outer bins.
 * @param targets in [0, 1]
 * @see Zadrozny and Elkan 2002, Transforming classifier scores into accurate multiclass probability estimates */
export function fitIsotonic(
  scores: ArrayLike<number>,
  targets: ArrayLike<number>,
  weights: ArrayLike<number>,
): Calibration {
  const { scale, shift } = fitPlatt(scores, targets, weights);
  const nodes = poolViolators(binNodes(scores, targets, weights, { scale, shift }));
  const heights = strictHeights(nodes);
  const offset = heights[0]! - nodes[0]!.z;
  const knots = Float64Array.from(nodes, ({ z }) => z + offset);
  const slopes = [1, ...heights.slice(1).map((height, i) => rise(height - heights[i]!, nodes, i)), 1];
  const bends = Float64Array.from(knots, (_, j) => slopes[j + 1]! - slopes[j]!);
  return { method: CalibrationMethod.isotonic, scale, shift: shift + offset, knots, bends };
}

/** A bin: mean logit by Platt, and mean target. */
interface Node {
  z: number;
  mean: number;
  weight: number;
}

function binNodes(
  scores: ArrayLike<number>,
  targets: ArrayLike<number>,
  weights: ArrayLike<number>,
  { scale, shift }: { scale: number; shift: number },
): Node[] {
  const rows = [...Array(scores.length).keys()]
    .filter((i) => weights[i]! > 0)
    .sort((a, b) => scores[a]! - scores[b]! || a - b);
  const nodes: Node[] = [];
  for (let bin = 0; bin < bins; bin++) {
    const from = Math.floor((bin * rows.length) / bins);
    const inside = rows.slice(from, Math.floor(((bin + 1) * rows.length) / bins));
    const weight = inside.reduce((sum, i) => sum + weights[i]!, 0);
    const z = inside.reduce((sum, i) => sum + weights[i]! * (scores[i]! * scale + shift), 0) / weight;
    if (!(weight > 0) || (nodes.length > 0 && z - nodes.at(-1)!.z < 1e-6)) continue;
    const prior = 1 / (1 + Math.exp(-z));
    const sum = inside.reduce((total, i) => total + weights[i]! * targets[i]!, 0);
    nodes.push({ z, mean: (sum + priorRows * prior) / (weight + priorRows), weight });
  }
  return nodes;
}

/** Nodes with means that never fall: neighbours that do are given their common mean. */
function poolViolators(nodes: readonly Node[]): Node[] {
  const blocks: Array<{ mean: number; weight: number; size: number }> = [];
  for (const { mean, weight } of nodes) {
    let block = { mean, weight, size: 1 };
    while (blocks.length > 0 && blocks.at(-1)!.mean >= block.mean) {
      const before = blocks.pop()!;
      const total = before.weight + block.weight;
      block = {
        mean: (before.mean * before.weight + block.mean * block.weight) / total,
        weight: total,
        size: before.size + block.size,
      };
    }
    blocks.push(block);
  }
  const means = blocks.flatMap(({ mean, size }) => new Array<number>(size).fill(mean));
  return nodes.map((node, i) => ({ ...node, mean: means[i]! }));
}

/** Logits at the nodes, each at least a little above the one before. */
function strictHeights(nodes: readonly Node[]): number[] {
  const heights: number[] = [];
  nodes.forEach(({ z, mean }, i) => {
    const height = Math.log(mean / (1 - mean));
    const floor = i === 0 ? height : heights[i - 1]! + leastSlope * (z - nodes[i - 1]!.z);
    heights.push(Math.max(height, floor));
  });
  return heights;
}

function rise(height: number, nodes: readonly Node[], i: number): number {
  return height / (nodes[i + 1]!.z - nodes[i]!.z);
}
