import type { Notice } from "../content.js";
import type { ReportDocuments } from "../documents.js";
import { formatCount, formatCountOf, formatShare, formatUsd } from "../format-numbers.js";
import { visibleText } from "../visible-text.js";
import { routerRow } from "./known-strategies.js";

/** What a reader must know before any number: traffic that was generated, judges that were simulated, prices that are
 * unknown, documents that don't belong together. */
export function cautionNotices(documents: ReportDocuments): Notice[] {
  return [synthetic, simulated, unpriced, mismatched, unlike].flatMap((notice) => notice(documents) ?? []);
}

/** Whether any evidence on quality comes from a simulated judge. */
export function isSimulated({ label, model, simulate }: ReportDocuments): boolean {
  return Boolean(label?.is_simulated || model?.is_simulated || simulate?.is_simulated);
}

function synthetic({ ingest }: ReportDocuments): Notice | null {
  if (!ingest?.is_synthetic) return null;
  return {
    kind: "notice",
    tone: "caution",
    title: "Synthetic traffic",
    text: "These calls were generated for demonstration. No company sent or paid for them; read the numbers as an example of the report, not as a finding.",
  };
}

function simulated(documents: ReportDocuments): Notice | null {
  if (!isSimulated(documents)) return null;
  return {
    kind: "notice",
    tone: "caution",
    title: "Simulated judge",
    text: "The evidence on answer quality comes from a simulated judge with known error rates. Quality and saving below show how the method works; they are not evidence about real answers.",
  };
}

function unpriced({ audit }: ReportDocuments): Notice | null {
  if (!audit || audit.billed.unpriced_requests === 0) return null;
  const { usd, priced_requests, unpriced_requests } = audit.billed;
  const { share_of_tokens: share, high_usd: high } = audit.unpriced;
  const bound = high === null ? "the true sum is higher." : `at most ${formatUsd(high)}.`;
  const text =
    priced_requests === 0
      ? `None of the ${formatCount(unpriced_requests)} calls has a known price, so what was spent is unknown.`
      : `${formatCountOf(unpriced_requests, "call")} of ${formatCount(audit.requests)} could not be priced; they hold ${formatShare(share)} of all tokens. They are in no total: at least ${formatUsd(usd)} was spent, and ${bound}`;
  return { kind: "notice", tone: "caution", title: "Some prices are unknown", text };
}

function mismatched({ model, simulate }: ReportDocuments): Notice | null {
  if (!model?.artifact_id || !simulate || model.artifact_id === simulate.artifact_id) return null;
  return {
    kind: "notice",
    tone: "caution",
    title: "Two different routers",
    text: [
      `The savings were simulated with router ${visibleText(simulate.artifact_id)}, the model card shows ${visibleText(model.artifact_id)}. To bring them together, run: `,
      { code: "signalbox simulate --workspace DIR" },
    ],
  };
}

/** Shares of calls to the strong model that differ by more than this belong to routers that behave differently. */
const likeShares = 0.1;

function unlike({ simulate }: ReportDocuments): Notice | null {
  const onTraffic = simulate?.traffic && routerRow(simulate.traffic.strategies);
  const heldOut = simulate?.outcomes && routerRow(simulate.outcomes.strategies);
  if (!onTraffic || !heldOut || Math.abs(onTraffic.strong_share - heldOut.strong_share) <= likeShares)
    return null;
  return {
    kind: "notice",
    tone: "caution",
    title: "Saving and quality come from different calls",
    text: `On the logged calls the router sends ${formatShare(onTraffic.strong_share)} to the strong model, on the held-out items ${formatShare(heldOut.strong_share)}. The quality measured on the held-out items says little about the logged calls, and neither saving stands for the other.`,
  };
}
