/** One observation of a shadow test. */
export interface TimedRow {
  /** Session; rows of one share it. */
  session: string;
  /** Microseconds since 1970, UTC. */
  at: number;
}

/** What counts of one session. */
export interface SessionBlock<Row> {
  session: string;
  rows: Row[];
  /** When it became known that nothing of it is to come. */
  closedAt: number;
}

/** Sessions as the e-process bets on them. */
export interface SessionBlocks<Row> {
  /** In the order in which they closed. */
  blocks: Array<SessionBlock<Row>>;
  /** Rows of sessions that are still open at the end. */
  open: Row[];
  /** Rows after the session closed: over the cap, or after the gap. */
  late: Row[];
}

/** Put rows together by session, so that each session is one bet. A session closes with its `cap`-th row, or when nothing came for
 * `gapUs`; what comes later is left out, and counted. Both rules look at times and numbers, never at quality, and at any moment
 * it is known which sessions are closed: bets in this order stay valid however often one looks.
 * @param until moment of the last look, microseconds since 1970 */
export function sessionBlocks<Row extends TimedRow>(
  rows: readonly Row[],
  { cap, gapUs, until }: { cap: number; gapUs: number; until: number },
): SessionBlocks<Row> {
  const bySession = new Map<string, Row[]>();
  for (const row of rows) {
    if (row.at > until) continue;
    const known = bySession.get(row.session);
    if (known) known.push(row);
    else bySession.set(row.session, [row]);
  }
  const out: SessionBlocks<Row> = { blocks: [], open: [], late: [] };
  for (const [session, all] of bySession) {
    const sorted = all.sort((a, b) => a.at - b.at);
    const end = endOf(sorted, cap, gapUs);
    const kept = sorted.slice(0, end);
    out.late.push(...sorted.slice(end));
    const last = kept.at(-1)!.at;
    const closedAt = kept.length === cap ? last : last + gapUs;
    if (closedAt > until) out.open.push(...kept);
    else out.blocks.push({ session, rows: kept, closedAt });
  }
  out.blocks.sort((a, b) => a.closedAt - b.closedAt || (a.session < b.session ? -1 : 1));
  return out;
}

/** Number of rows until the session closes. */
function endOf(sorted: ReadonlyArray<{ at: number }>, cap: number, gapUs: number): number {
  for (let i = 1; i < sorted.length; i++) {
    if (i === cap || sorted[i]!.at - sorted[i - 1]!.at >= gapUs) return i;
  }
  return sorted.length;
}
