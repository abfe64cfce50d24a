import { InputError } from "../../datasets/errors.js";
import { canonicalModel } from "../../datasets/prices/canonical-model.js";
import { openTables, requireManifest, type Workspace } from "../../datasets/workspace.js";
import type { CallPrice } from "./call-price.js";
import type { ItemChecks } from "./exact-checks/read-item-checks.js";
import { type LabelItem, prepareItems } from "./label-item.js";
import { openPrices } from "./open-prices.js";
import type { LabelOptions } from "./plan-labels.js";
import { type Sample, type SampledRequest, sampleRequests } from "./sample-requests.js";
import { type Uncertainty, uncertaintyFor } from "./uncertainty.js";

/** The sampled requests as they may leave the machine, and the prices of the models that will read them. */
export interface OpenedSample {
  sample: Sample;
  items: LabelItem[];
  price: CallPrice;
  /** How many values of each kind were replaced. */
  redactions: Array<{ kind: string; count: number }>;
  /** Models without a known price. */
  unpriced: string[];
  /** What made some requests likelier to be drawn; null = all alike. */
  uncertainty: Uncertainty | null;
}

/** Draw the sample of a run and get it ready to be sent; sends nothing and writes nothing.
 * @throws {StageError} if nothing was ingested
 * @throws {DataError} if no request can be labelled
 * @throws {InputError} if the budget can't be kept because a price is unknown */
export async function openSample(
  workspace: Workspace,
  options: Pick<
    LabelOptions,
    | "candidates"
    | "reference"
    | "sample"
    | "seed"
    | "maxUsd"
    | "pricedAt"
    | "assumeUsdPerMTok"
    | "focus"
    | "isSentUnredacted"
    | "checks"
    | "isRunningTests"
  > & {
    /** Models that will be paid. */
    models: readonly string[];
  },
): Promise<OpenedSample> {
  requireManifest(workspace, "ingest", `signalbox ingest FILES --workspace ${workspace.path}`);
  refuseTwins(options.candidates);
  const { price, unpriced } = openPrices(options.models, options);
  const checksOf = await openChecks(options);
  const uncertainty = uncertaintyFor(workspace, options.focus);
  const engine = await openTables(workspace);
  const sample = await sampleRequests(engine, { ...options, uncertainty }).finally(() => engine.close());
  const { items, redactions } = prepareItems(workspace, sample.requests, {
    isSentUnredacted: options.isSentUnredacted,
    checksOf,
  });
  return { sample, items, redactions, price, unpriced, uncertainty };
}

/** Only who has checks loads what compiles them. */
async function openChecks({
  checks,
  isRunningTests = false,
}: Pick<LabelOptions, "checks" | "isRunningTests">): Promise<(row: SampledRequest) => ItemChecks | null> {
  if (!checks) return () => null;
  const { readItemChecks } = await import("./exact-checks/read-item-checks.js");
  return readItemChecks(checks, isRunningTests);
}

/** Two spellings of one model would be two answers of one model to the same item. */
function refuseTwins(candidates: readonly string[]): void {
  const names = candidates.map((candidate) => canonicalModel(candidate));
  const twin = candidates.find((_, i) => names.indexOf(names[i]!) !== i);
  if (twin !== undefined)
    throw new InputError(`--candidate ${twin}: the same model as another candidate; name it once`);
}
