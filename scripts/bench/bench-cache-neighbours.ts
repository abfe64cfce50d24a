/** The nearest other rows of every row, the nearest first. */
export interface NeighbourLists {
  /** Neighbours per row. */
  width: number;
  /** (rows, width) */
  rows: Int32Array;
  /** (rows, width) */
  cosines: Float32Array;
}

/** Compare all vectors with all others.
 * @param vectors (rows, dim), each of length 1
 * @param width neighbours wanted; fewer where there are fewer other rows */
export function listNeighbours(vectors: Float32Array, dim: number, width: number): NeighbourLists {
  const count = vectors.length / dim;
  const kept = Math.min(width, count - 1);
  const lists = {
    width: kept,
    rows: new Int32Array(count * kept),
    cosines: new Float32Array(count * kept),
  };
  const block = Array.from({ length: blockRows }, () => new Float32Array(count));
  for (let first = 0; first < count; first += blockRows) {
    compareBlock(vectors, dim, first, block);
    for (let i = 0; i < blockRows && first + i < count; i++) keepNearest(block[i]!, first + i, lists);
  }
  return lists;
}

/** Rows that are compared while another row is at hand. */
const blockRows = 4;

function compareBlock(vectors: Float32Array, dim: number, first: number, block: Float32Array[]): void {
  const count = vectors.length / dim;
  const [a, b, c, d] = block.map((_, i) => Math.min(first + i, count - 1) * dim) as [
    number,
    number,
    number,
    number,
  ];
  for (let other = 0; other < count; other++) {
    const from = other * dim;
    let [sumA, sumB, sumC, sumD] = [0, 0, 0, 0];
    for (let k = 0; k < dim; k++) {
      const value = vectors[from + k]!;
      sumA += vectors[a + k]! * value;
      sumB += vectors[b + k]! * value;
      sumC += vectors[c + k]! * value;
      sumD += vectors[d + k]! * value;
    }
    block[0]![other] = sumA;
    block[1]![other] = sumB;
    block[2]![other] = sumC;
    block[3]![other] = sumD;
  }
}

function keepNearest(cosines: Float32Array, row: number, { width, rows, cosines: kept }: NeighbourLists) {
  cosines[row] = -Infinity;
  const least = cosines.toSorted()[cosines.length - width]!;
  const near: number[] = [];
  cosines.forEach((cosine, other) => {
    if (cosine >= least && other !== row) near.push(other);
  });
  near.sort((x, y) => cosines[y]! - cosines[x]! || x - y);
  for (let k = 0; k < width; k++) {
    rows[row * width + k] = near[k]!;
    kept[row * width + k] = cosines[near[k]!]!;
  }
}
