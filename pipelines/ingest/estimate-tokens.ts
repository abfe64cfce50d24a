import type { RequestRow } from "../../datasets/request-log.js";
import type { RequestDraft } from "../../datasets/sources/source.js";
import {
  type CountPair,
  calibrateCounts,
  type TokenEstimate,
} from "../../datasets/tokens/calibrate-counts.js";
import {
  type CountedTexts,
  countRequest,
  isCountable,
  type RequestCount,
} from "../../datasets/tokens/count-request.js";
import {
  type Encoding,
  encodingOf,
  loadTokenCounter,
  type TokenCounter,
} from "../../datasets/tokens/count-tokens.js";
import { inputTotal, outputTotal, type TokenUsage } from "../../datasets/tokens/token-usage.js";

/** A row whose tokens are estimated when its file is over, and what the caller wants back with it. */
interface HeldRow<Place> {
  place: Place;
  row: RequestRow;
  draft: RequestDraft;
}

type PriceColumns = Pick<RequestRow, "cost_list_usd" | "price_source" | "price_date">;

/** A request with usage from which can be learned: its texts are counted when the first row without usage asks. */
interface Sample {
  model: string;
  texts: CountedTexts;
  usage: TokenUsage;
}

/** Estimates the tokens of rows without usage from their texts, calibrated on rows with usage: those of the same file, of the files
 * before in the same run, and what earlier runs counted. Where every row has its usage nothing is counted at all. It sees the
 * texts as logged, so it works in every content mode, and stores counts alone. */
export class TokenEstimator {
  private readonly counters = new Map<Encoding, Promise<TokenCounter>>();
  private readonly taught = new Map<string, { requests: number; chars: number }>();
  private samples: Sample[] = [];
  private sampleChars = 0;
  private filePairs: CountPair[] = [];

  /** @param pairs of earlier runs */
  constructor(private readonly pairs: CountPair[] = []) {
    for (const { model } of pairs) this.taughtBy(model).requests += 1;
  }

  /** Remember a request with usage; the first {@link samplesPerModel} of a model are enough.
   * @param chars size of the record */
  learn(draft: RequestDraft, row: RequestRow, chars: number): void {
    const { usage, prompt, promptState, output, endpoint, tools, hasJsonSchema, finishReason } = draft;
    if (usage === null || draft.status !== "ok") return;
    const taught = this.taughtBy(row.model);
    if (
      taught.requests >= samplesPerModel ||
      taught.chars + chars > sampleCharsPerModel ||
      this.sampleChars + chars > sampleChars ||
      !isCountable(draft)
    )
      return;
    taught.requests += 1;
    taught.chars += chars;
    this.sampleChars += chars;
    const texts = { prompt, promptState, output, endpoint, tools, hasJsonSchema, finishReason };
    this.samples.push({ model: row.model, texts, usage });
  }

  /** What was counted for the file in hand, to be stored with it: a later run learns from it without reading a file again. */
  endFile(): { token_pairs?: CountPair[] } {
    const pairs = this.filePairs;
    this.filePairs = [];
    return pairs.length > 0 ? { token_pairs: pairs } : {};
  }

  /** Fill the token and price columns of held rows. */
  async fill<Place>(
    held: ReadonlyArray<HeldRow<Place>>,
    price: (draft: RequestDraft) => PriceColumns,
  ): Promise<Array<{ place: Place; row: RequestRow }>> {
    await this.countSamples();
    const calibration = calibrateCounts(this.pairs);
    const filled: Array<{ place: Place; row: RequestRow }> = [];
    for (const { place, row, draft } of held) {
      const count = await this.countTexts(draft, row.model);
      const estimate = count === null ? null : calibration.estimate(row.model, count);
      filled.push({
        place,
        row: estimate === null ? row : { ...row, ...estimatedColumns(draft, estimate, price) },
      });
    }
    return filled;
  }

  private async countSamples(): Promise<void> {
    const samples = this.samples;
    this.samples = [];
    this.sampleChars = 0;
    for (const { model, texts, usage } of samples) {
      const count = await this.countTexts(texts, model);
      if (count === null) continue;
      const pair = {
        model,
        isStructured: count.isStructured,
        inputCounted: count.input,
        inputLogged: inputTotal(usage),
        outputCounted: count.output,
        outputLogged: outputTotal(usage),
      };
      this.pairs.push(pair);
      this.filePairs.push(pair);
    }
  }

  private async countTexts(texts: CountedTexts, model: string): Promise<RequestCount | null> {
    const encoding = encodingOf(model);
    if (!this.counters.has(encoding)) this.counters.set(encoding, loadTokenCounter(encoding));
    const counter = await this.counters.get(encoding)!;
    try {
      return countRequest(texts, counter);
    } catch {
      // Tool definitions nested too deep to be written as JSON: nothing to count, and no reason to lose the row.
      return null;
    }
  }

  private taughtBy(model: string): { requests: number; chars: number } {
    let taught = this.taught.get(model);
    if (taught === undefined) {
      taught = { requests: 0, chars: 0 };
      this.taught.set(model, taught);
    }
    return taught;
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

  /** Learn from a request, whose row need not wait. */
  learn(draft: RequestDraft, row: RequestRow, chars: number): void {
    this.estimator.learn(draft, row, chars);
  }

  /** @param draft without usage
   * @param chars size of the record
   * @returns whether the row was kept back; false when its tokens can't be told: no text, no answer, pictures, an error */
  take(draft: RequestDraft, row: RequestRow, place: Place, chars: number): boolean {
    const isCharged = draft.status === "ok" || draft.status === "partial";
    if (draft.usage !== null || !isCharged || !isCountable(draft)) return false;
    // A row without a time of its own may have its file's.
    this.held.push({ place, row, draft: { ...draft, createdAt: row.created_at } });
    this.chars += chars;
    return true;
  }

  get isFull(): boolean {
    return this.held.length >= rowsHeld || this.chars >= charsHeld;
  }

  /** The rows, with their tokens where they could be estimated. */
  async release(): Promise<Array<{ place: Place; row: RequestRow }>> {
    const rows = this.held.length === 0 ? [] : await this.estimator.fill(this.held, this.price);
    this.held = [];
    this.chars = 0;
    return rows;
  }
}

const samplesPerModel = 300;

/** Texts that wait to be counted, of one model and of all. */
const sampleCharsPerModel = 4_000_000;
const sampleChars = 32_000_000;

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
