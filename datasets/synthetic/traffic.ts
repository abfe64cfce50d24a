import { createRandom, type Random } from "../random.js";
import { composeAnswer } from "./compose-answer.js";
import { composeFollowUp, composePrompt } from "./compose-prompt.js";
import { hashUnit } from "./hash-unit.js";
import { type PromptRecipe, type PromptTruth, signatureOf, truthOfRecipe } from "./prompt-truth.js";
import { type SyntheticApp, syntheticApps } from "./synthetic-apps.js";
import { findSyntheticModel, type SyntheticModel, syntheticModels } from "./synthetic-models.js";

/** What to generate. */
export interface TrafficOptions {
  seed: number;
  /** Logical requests; attempts that fail and are tried again come on top. */
  requests: number;
  days: number;
  /** First day, YYYY-MM-DD. */
  from: string;
}

/** Tokens and money of one attempt, consistent with the lengths of its texts. */
interface SyntheticUsage {
  /** Input without what the prompt cache held or took in. */
  inputUncached: number;
  inputCacheRead: number;
  inputCacheWrite: number;
  output: number;
  costUsd: number;
}

/** One attempt as the synthetic company made it; the writers turn it into log lines. */
export interface SyntheticRequest {
  readonly id: string;
  /** 1 for the first attempt; a failed attempt is followed by the next one of the same logical request. */
  readonly attemptNo: number;
  readonly logicalId: string;
  readonly sessionId: string;
  readonly app: SyntheticApp;
  readonly tenant: string;
  readonly user: string;
  readonly model: SyntheticModel;
  /** Milliseconds since 1970, UTC. */
  readonly startMs: number;
  readonly latencyMs: number;
  readonly ttftMs: number | null;
  readonly isStream: boolean;
  readonly history: ReadonlyArray<{ role: "user" | "assistant"; content: string }>;
  readonly userText: string;
  readonly truth: PromptTruth;
  /** Null for an attempt that failed. */
  readonly answer: string | null;
  readonly usage: SyntheticUsage | null;
  /** HTTP status: 200, or the failure's. */
  readonly status: 200 | 429 | 500 | 504;
  /** The log shipper sent this line twice. */
  readonly isLoggedTwice: boolean;
}

/** A synthetic company's traffic, and the truth behind it. */
export interface SyntheticWorld {
  readonly options: TrafficOptions;
  /** In order of time. */
  readonly requests: readonly SyntheticRequest[];
  /** The truth of a prompt of this world, found by its last user turn, redacted or not; null for a text that it doesn't know. */
  truthOf(userText: string): PromptTruth | null;
  /** The answer that a model gives to a prompt of this world; null if either is unknown. */
  answerOf(userText: string, model: string): string | null;
  /** How good an answer (redacted or not) is to a prompt of this world: 2 adequate, 1 a model's answer that misses, 0 no answer of
   * any model (empty, or an order to the judge). Null for an unknown prompt. */
  gradeAnswer(userText: string, answer: string): 0 | 1 | 2 | null;
}

/** Generate traffic with a known truth. The same options give the same world. Everything in it is invented; the models' names
 * and prices are real, their skills are not. */
export function generateTraffic(options: TrafficOptions): SyntheticWorld {
  const random = createRandom(options.seed);
  const truths = new Map<string, PromptTruth>();
  const sessionStarts = drawSessionStarts(random, options);
  const requests: SyntheticRequest[] = [];
  const logical = { count: 0 };
  for (const [index, startMs] of sessionStarts.entries()) {
    if (logical.count >= options.requests) break;
    requests.push(...generateSession({ random, options, truths, index, startMs, logical }));
  }
  requests.sort((a, b) => a.startMs - b.startMs || (a.id < b.id ? -1 : 1));
  const answerOf = (userText: string, model: string): string | null => {
    const truth = truths.get(signatureOf(userText));
    const known = findSyntheticModel(model);
    return truth && known ? composeAnswer(truth, known, options.seed) : null;
  };
  const authorsOf = rememberAuthors(options.seed);
  return {
    options,
    requests,
    truthOf: (userText) => truths.get(signatureOf(userText)) ?? null,
    answerOf,
    gradeAnswer: (userText, answer) => {
      const truth = truths.get(signatureOf(userText));
      if (!truth) return null;
      const author = authorsOf(truth).get(signatureOf(answer));
      return author ? (truth.isAdequate[author.name] ? 2 : 1) : 0;
    },
  };
}

/** Who gives which answer to a prompt, by the words of the answer; composed when it is first asked for. */
function rememberAuthors(seed: number): (truth: PromptTruth) => ReadonlyMap<string, SyntheticModel> {
  const known = new Map<PromptTruth, Map<string, SyntheticModel>>();
  return (truth) => {
    const before = known.get(truth);
    if (before) return before;
    const authors = new Map<string, SyntheticModel>();
    for (const model of syntheticModels) {
      const words = signatureOf(composeAnswer(truth, model, seed));
      if (!authors.has(words)) authors.set(words, model);
    }
    known.set(truth, authors);
    return authors;
  };
}

interface SessionContext {
  random: Random;
  options: TrafficOptions;
  truths: Map<string, PromptTruth>;
  index: number;
  startMs: number;
  logical: { count: number };
}

/** As many session starts as could be needed, in order of time: mostly weekdays, mostly office hours. */
function drawSessionStarts(random: Random, { requests, days, from }: TrafficOptions): number[] {
  const first = Date.parse(`${from}T00:00:00Z`);
  const starts = Array.from({ length: Math.ceil(requests / meanTurns) + 1 }, () => {
    let day = random.below(days);
    const isWeekend = [0, 6].includes(new Date(first + day * dayMs).getUTCDay());
    if (isWeekend && random.uniform() < 0.7) day = random.below(days);
    const hour = Math.min(22.5, Math.max(0, 13 + 3.5 * random.normal()));
    return first + day * dayMs + Math.floor(hour * 3_600_000);
  });
  const sorted = starts.sort((a, b) => a - b);
  // One-turn sessions are drawn more often than the mean says, so the last starts are repeated until there are enough requests.
  return [...sorted, ...Array.from({ length: requests }, (_, i) => sorted[i % sorted.length]! + 90_000)];
}

function generateSession(context: SessionContext): SyntheticRequest[] {
  const { random, options, truths, index, logical } = context;
  const app = pickApp(random);
  const model = findSyntheticModel(random.weighted(app.models))!;
  const family = random.weighted(app.families);
  const turns = Math.min(options.requests - logical.count, 1 + Math.floor(random.uniform() ** 2 * 5));
  const session = {
    sessionId: `syn-session-${options.seed}-${String(index).padStart(6, "0")}`,
    app,
    model,
    tenant: random.pick(app.tenants),
    user: `syn-user-${random.below(200)}`,
  };
  const history: Array<{ role: "user" | "assistant"; content: string }> = [];
  const requests: SyntheticRequest[] = [];
  let startMs = context.startMs;
  for (let turn = 0; turn < turns; turn++) {
    const recipe = turn === 0 ? composePrompt(random, family) : composeFollowUp(random, family);
    const truth = learnTruth(truths, recipe, options.seed);
    const attempts = generateTurn({
      random,
      options,
      session,
      recipe,
      truth,
      history: [...history],
      startMs,
      no: logical.count,
    });
    logical.count += 1;
    requests.push(...attempts);
    const last = attempts.at(-1)!;
    if (last.answer === null) break;
    history.push({ role: "user", content: recipe.text }, { role: "assistant", content: last.answer });
    startMs = last.startMs + last.latencyMs + 15_000 + random.below(180_000);
  }
  return requests;
}

interface TurnContext {
  random: Random;
  options: TrafficOptions;
  session: Pick<SyntheticRequest, "sessionId" | "app" | "model" | "tenant" | "user">;
  recipe: PromptRecipe;
  truth: PromptTruth;
  history: SyntheticRequest["history"];
  startMs: number;
  no: number;
}

/** One logical request: usually one attempt, sometimes a failure and a second try, rarely a failure for good. */
function generateTurn(context: TurnContext): SyntheticRequest[] {
  const { random, options, session, recipe, truth, history, no } = context;
  const logicalId = `syn-${options.seed}-${String(no).padStart(7, "0")}`;
  const isStream = random.uniform() < session.app.streamShare;
  const base = { ...session, logicalId, history, userText: recipe.text, truth, isStream };
  const attempts: SyntheticRequest[] = [];
  let startMs = context.startMs;
  const failure = random.uniform();
  if (failure < 0.035) {
    const status = random.pick([429, 429, 500, 504] as const);
    const latencyMs = status === 504 ? 30_000 : 120 + random.below(600);
    attempts.push({
      ...base,
      id: `${logicalId}-1`,
      attemptNo: 1,
      startMs,
      latencyMs,
      ttftMs: null,
      answer: null,
      usage: null,
      status,
      isLoggedTwice: false,
    });
    if (failure < 0.005) return attempts;
    startMs += latencyMs + 1_000 + random.below(2_000);
  }
  const answer = composeAnswer(truth, session.model, options.seed);
  const usage = countUsage(base, answer);
  const ttftMs = Math.round(
    250 + 400 * random.uniform() + (usage.inputUncached + usage.inputCacheWrite) / 20,
  );
  attempts.push({
    ...base,
    id: `${logicalId}-${attempts.length + 1}`,
    attemptNo: attempts.length + 1,
    startMs,
    latencyMs: ttftMs + Math.round((usage.output / session.model.tokensPerSecond) * 1_000),
    ttftMs: isStream ? ttftMs : null,
    answer,
    usage,
    status: 200,
    isLoggedTwice: random.uniform() < 0.01,
  });
  return attempts;
}

/** Tokens at 4 characters each, plus 4 a message. The provider's prompt cache holds what an earlier turn of the session sent,
 * from 1,024 tokens on, in blocks of 128 (OpenAI's rule; Anthropic's is applied alike, and it charges the first write). */
function countUsage(
  { app, model, history, userText }: Pick<SyntheticRequest, "app" | "model" | "history" | "userText">,
  answer: string,
): SyntheticUsage {
  const prefix =
    countTokens(app.system) + history.slice(0, -2).reduce((sum, turn) => sum + countTokens(turn.content), 0);
  const input =
    prefix +
    history.slice(-2).reduce((sum, turn) => sum + countTokens(turn.content), 0) +
    countTokens(userText);
  const cacheable = prefix >= 1_024 ? Math.floor(prefix / 128) * 128 : 0;
  const isFirstTurn = history.length === 0;
  const inputCacheRead = isFirstTurn ? 0 : cacheable;
  const inputCacheWrite = isFirstTurn && model.provider === "anthropic" ? cacheable : 0;
  const output = countTokens(answer);
  const inputUncached = input - inputCacheRead - inputCacheWrite;
  const { usdPerMTok } = model;
  const costUsd =
    (inputUncached * usdPerMTok.input +
      inputCacheRead * usdPerMTok.cacheRead +
      inputCacheWrite * usdPerMTok.cacheWrite +
      output * usdPerMTok.output) /
    1e6;
  return { inputUncached, inputCacheRead, inputCacheWrite, output, costUsd };
}

/** The first recipe with a signature decides: two texts that redaction makes equal must share their truth. */
function learnTruth(truths: Map<string, PromptTruth>, recipe: PromptRecipe, seed: number): PromptTruth {
  const signature = signatureOf(recipe.text);
  const known = truths.get(signature);
  if (known) return known;
  const truth = truthOfRecipe(recipe, seed);
  truths.set(signature, truth);
  return truth;
}

function pickApp(random: Random): SyntheticApp {
  const name = random.weighted(Object.fromEntries(syntheticApps.map((app) => [app.name, app.share])));
  return syntheticApps.find((app) => app.name === name)!;
}

/** Tokens of a text in the synthetic world. */
export function countTokens(text: string): number {
  return Math.ceil(text.length / 4) + 4;
}

/** A hexadecimal id of the wanted length that is always the same for the same parts. */
export function hashId(digits: number, ...parts: ReadonlyArray<string | number>): string {
  let id = "";
  for (let i = 0; id.length < digits; i++)
    id += Math.floor(hashUnit(...parts, i) * 2 ** 32)
      .toString(16)
      .padStart(8, "0");
  return id.slice(0, digits);
}

const dayMs = 86_400_000;
const meanTurns = 2.2;
