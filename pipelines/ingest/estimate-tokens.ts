import type { RequestRow } from "../../datasets/request-log.js";
import type { RequestDraft } from "../../datasets/sources/source.js";
import {
  type CountPair,
  calibrateCounts,
  type TokenEstimate,
} from "../../datasets/tokens/calibrate-counts.js";
import { countRequest, type RequestCount } from "../../datasets/tokens/count-request.js";
import {
  type Encoding,
  encodingOf,
  loadTokenCounter,
  type TokenCounter,
} from "../../datasets/tokens/count-tokens.js";
import { inputTotal, outputTotal } from "../../datasets/tokens/token-usage.js";

/** A row whose tokens are estimated when its file is over, and what the caller wants back with it. */
interface HeldRow<Place> {
  place: Place;
  row: RequestRow;
  /** Without its texts: only what prices need. */
  draft: RequestDraft;
  count: RequestCount;
}

type PriceColumns = Pick<RequestRow, "cost_list_usd" | "price_source" | "price_date">;

/** Estimates the tokens of rows without usage from their texts, calibrated on rows with usage: those of the same file and of all files
 * before. It sees the texts as logged, so it works in every content mode, and stores counts alone. */
export class TokenEstimator {
  private readonly counters = new Map<Encoding, Promise<TokenCounter>>();
  private readonly pairsByModel = new Map<string, number>();
  private filePairs: CountPair[] = [];

  /** @param pairs of the files before */
  constructor(private readonly pairs: CountPair[] = []) {
    for (const { model } of pairs) this.countPair(model);
  }

  /** Count a request without usage.
   * @returns null when its tokens are known or can't be told: no text, no answer, pictures, an error */
  async count(draft: RequestDraft, row: RequestRow): Promise<RequestCount | null> {
    const isCharged = draft.status === "ok" || draft.status === "partial";
    if (draft.usage !== null || !isCharged) return null;
    const count = await this.countTexts(draft, row);
    return count === null || count.hasMedia ? null : count;
  }

  /** Learn from a request with usage; the first {@link pairsPerModel} of a model are enough. */
  async learn(draft: RequestDraft, row: RequestRow): Promise<void> {
    const { usage } = draft;
    if (usage === null || draft.status !== "ok" || (this.pairsByModel.get(row.model) ?? 0) >= pairsPerModel)
      return;
    const count = await this.countTexts(draft, row);
    if (count === null || count.hasMedia) return;
    const pair = {
      model: row.model,
      isStructured: count.isStructured,
      inputCounted: count.input,
      inputLogged: inputTotal(usage),
      outputCounted: count.output,
      outputLogged: outputTotal(usage),
    };
    this.countPair(row.model);
    this.pairs.push(pair);
    this.filePairs.push(pair);
  }

  /** What the file in hand taught, to be stored with it: a later run learns from it without reading the file again. */
  endFile(): { token_pairs?: CountPair[] } {
    const pairs = this.filePairs;
    this.filePairs = [];
    return pairs.length > 0 ? { token_pairs: pairs } : {};
  }

  /** Fill the token and price columns of held rows. */
  fill<Place>(
    held: ReadonlyArray<HeldRow<Place>>,
    price: (draft: RequestDraft) => PriceColumns,
  ): Array<{ place: Place; row: RequestRow }> {
    const calibration = calibrateCounts(this.pairs);
    return held.map(({ place, row, draft, count }) => {
      const estimate = calibration.estimate(row.model, count);
      return {
        place,
        row: estimate === null ? row : { ...row, ...estimatedColumns(draft, estimate, price) },
      };
    });
  }

  private async countTexts(draft: RequestDraft, row: RequestRow): Promise<RequestCount | null> {
    if (draft.prompt === null) return null;
    const encoding = encodingOf(row.model);
    if (!this.counters.has(encoding)) this.counters.set(encoding, loadTokenCounter(encoding));
    const counter = await this.counters.get(encoding)!;
    try {
      return countRequest(draft, counter);
    } catch {
      // Tool definitions nested too deep to be written as JSON: nothing to count, and no reason to lose the row.
      return null;
    }
  }

  private countPair(model: string): void {
    this.pairsByModel.set(model, (this.pairsByModel.get(model) ?? 0) + 1);
  }
}

/** The rows of one file that wait for its end. Their number is bounded: beyond it they are estimated by what is known so far. */
export class HeldRows<Place> {
  private held: Array<HeldRow<Place>> = [];
  private chars = 0;

  /** @param price list price of a draft with usage */
  constructor(
    private readonly estimator: TokenEstimator,
    private readonly price: (draft: RequestDraft) => PriceColumns,
  ) {}

  /** @param chars size of the record
   * @returns whether the row was kept back */
  async take(draft: RequestDraft, row: RequestRow, place: Place, chars: number): Promise<boolean> {
    await this.estimator.learn(draft, row);
    const count = await this.estimator.count(draft, row);
    if (count === null) return false;
    const forPrice = {
      ...draft,
      createdAt: row.created_at,
      prompt: null,
      output: null,
      tools: null,
      usageRaw: null,
    };
    this.held.push({ place, row, draft: forPrice, count });
    this.chars += chars;
    return true;
  }

  get isFull(): boolean {
    return this.held.length >= rowsHeld || this.chars >= charsHeld;
  }

  /** The rows, with their tokens where they could be estimated. */
  release(): Array<{ place: Place; row: RequestRow }> {
    const rows = this.held.length === 0 ? [] : this.estimator.fill(this.held, this.price);
    this.held = [];
    this.chars = 0;
    return rows;
  }
}

const pairsPerModel = 300;
const rowsHeld = 2_000;
const charsHeld = 32_000_000;

function estimatedColumns(
  draft: RequestDraft,
  { input, output, errorShare, source }: TokenEstimate,
  price: (draft: RequestDraft) => PriceColumns,
): Partial<RequestRow> {
  const usage = {
    inputUncached: input,
    inputCacheRead: 0,
    inputCacheWrite5m: 0,
    inputCacheWrite1h: 0,
    outputText: output,
    outputReasoning: 0,
    inputAudio: null,
    inputImage: null,
    outputAudio: null,
  };
  const priced = price({ ...draft, usage });
  const isListed = priced.cost_list_usd !== null && priced.price_source !== "gateway_cache_hit";
  return {
    input_uncached_tokens: input,
    input_total_tokens: input,
    output_text_tokens: output,
    output_total_tokens: output,
    tokens_source: source,
    tokens_error_share: errorShare,
    ...priced,
    price_source: isListed ? `${priced.price_source}+${source}` : priced.price_source,
  };
}
