import { describe, expect, it } from "vitest";
import type { ReliabilityResult } from "../../../datasets/reliability-result.js";
import { reliability } from "../../../pipelines/reliability/reliability.js";
import { type ReplayedAttempt, replayData } from "../../support/replay-data.js";
import { routerPolicy } from "../../support/router-policy.js";

const models = ["small", "medium", "large"];
const policy = routerPolicy();
const at = (second: number) => (Date.UTC(2026, 0, 5, 12) + 1_000 * second) * 1_000;
const run = (attempts: readonly ReplayedAttempt[], options = {}): ReliabilityResult =>
  reliability({ replay: replayData(models, attempts), policy }, options);
const chainOf = (result: ReliabilityResult, chain: string) =>
  result.chains.find((row) => row.chain === chain)!;

const answered = (changes: ReplayedAttempt = {}): ReplayedAttempt => ({
  usd: [1, 2, 3],
  latency: 1_000,
  ...changes,
});
const failed = (changes: ReplayedAttempt = {}): ReplayedAttempt => ({
  isSuccess: false,
  errorClass: "server",
  billed: 0.5,
  latency: 400,
  ...changes,
});

describe("what users saw, by hand", () => {
  const result = run([
    answered({ logical: 0, createdAt: at(0) }),
    failed({ logical: 1, createdAt: at(10) }),
    answered({ logical: 1, session: 1, attemptNo: 2, createdAt: at(12) }),
    failed({ logical: 2, createdAt: at(20), errorClass: "rate_limit", billed: Number.NaN }),
    answered({ logical: 2, session: 3, attemptNo: 2, served: 0, createdAt: at(25), latency: 500 }),
    failed({
      logical: 3,
      createdAt: at(30),
      errorClass: "content_filter",
      billed: Number.NaN,
      isUnknown: true,
    }),
    answered({ logical: 4, createdAt: at(40), latency: Number.NaN }),
    answered({ logical: 5, createdAt: at(50), isBatch: true, latency: 9_000_000 }),
  ]);
  const user = result.user!;

  it("joins attempts to requests and leaves batch jobs out", () => {
    expect(user).toMatchObject({
      requests: 5,
      attempts: 7,
      failed_first: 3,
      recovered_by_retry: 1,
      recovered_by_fallback: 1,
      recovered_otherwise: 0,
      untimed: 1,
    });
    expect(user.success.value).toBeCloseTo(4 / 5, 12);
    expect(user.first_success.value).toBeCloseTo(2 / 5, 12);
    expect(user.attempts_per_request.value).toBeCloseTo(7 / 5, 12);
    expect(user.fallback_rate.value).toBeCloseTo(1 / 5, 12);
  });

  it("counts what failed attempts cost, an unknown bill never as 0", () => {
    // bills 3 + 0.5 + 3 + 0 (no usage: not charged) + 1 + 3, the filtered one unknown
    expect(user.wasted_usd.value).toBeCloseTo(0.5, 12);
    expect(user.usd_per_success!.value).toBeCloseTo(10.5 / 4, 12);
    expect(user.usd_per_attempt!.value).toBeCloseTo(10.5 / 6, 12);
    const large = result.models.find(({ model }) => model === "large")!;
    expect(large).toMatchObject({ attempts: 7, failures: 3, billed_failures: 1, unpriced_failures: 1 });
  });

  it("measures the wait from the first attempt on", () => {
    // waits of 1 s, 2 s + 1 s and 5 s + 0.5 s
    expect(user.latency_p50!.value).toBe(3_000);
    expect(user.latency_p95!.value).toBeCloseTo(5_250, 6);
    expect(run([answered()], { sloMs: 999 }).user!.within_slo!.value).toBe(0);
  });

  it("keeps classes that a retry can help apart from those that it can't", () => {
    const large = result.models.find(({ model }) => model === "large")!;
    expect(large.by_class.map(({ error_class, kind, failures }) => [error_class, kind, failures])).toEqual([
      ["rate_limit", "transient", 1],
      ["server", "transient", 1],
      ["content_filter", "request", 1],
    ]);
  });
});

describe("chains, by hand", () => {
  // 60 of 100 requests to large are answered; 40 fail, each is tried again, 30 of these are answered. Half a second's pause.
  const attempts: ReplayedAttempt[] = [];
  for (let i = 0; i < 100; i++) {
    const base = { logical: i, session: i, createdAt: at(1_000 * i) };
    if (i < 60) attempts.push(answered(base));
    else {
      attempts.push(failed(base));
      const second = { ...base, attemptNo: 2, createdAt: at(1_000 * i + 0.9) };
      attempts.push(i < 90 ? answered(second) : failed(second));
    }
  }
  const result = run(attempts);

  it("works out one attempt", () => {
    const chain = chainOf(result, "no_retry");
    expect(chain).toMatchObject({ requests: 100, first_failures: 40, steps: [] });
    expect(chain.availability.value).toBeCloseTo(0.6, 12);
    expect(chain.attempts.value).toBe(1);
    expect(chain.usd_per_request!.value).toBeCloseTo((60 * 3 + 40 * 0.5) / 100, 9);
    expect(chain.usd_per_success!.value).toBeCloseTo(200 / 60, 9);
    expect(chain.recovery_ms).toBeNull();
  });

  it("works out a retry from the logged ones", () => {
    const chain = chainOf(result, "retry_once");
    expect(chain.steps).toEqual([{ attempt: 2, tries: 40, failure: 0.25, evidence: "logged_class", n: 40 }]);
    expect(chain.availability.value).toBeCloseTo(0.9, 12);
    expect(chain.attempts.value).toBeCloseTo(1.4, 12);
    expect(chain.usd_per_success!.value).toBeCloseTo((200 + 30 * 3 + 10 * 0.5) / 90, 9);
    expect(chain.recovery_ms!.value).toBeCloseTo(400 + 500 + 1_000, 6);
    expect(chain.latency_ms!.value).toBeCloseTo((60 * 1_000 + 30 * 1_900) / 90, 6);
    // 40 % fail overall: independence would have promised 0.6 + 0.4 x 0.6
    expect(chain.availability_if_independent).toBeCloseTo(0.84, 12);
  });

  it("says how many failures were tried again", () => {
    expect(result.notes).toContainEqual(expect.stringMatching(/^40 of 40 failed first attempts/));
  });

  it("marks what is only assumed to be independent", () => {
    const chain = chainOf(result, "fallback");
    expect(chain.assumes_independence).toBe(true);
    expect(chain.steps[0]).toMatchObject({ evidence: "independence", tries: 40 });
    // no time of the next model is known, but its price is: the next of large is medium
    expect(chain.latency_ms).toBeNull();
    expect(chain.usd_per_request!.value).toBeGreaterThan(2);
  });

  it("takes a pause that is asked for", () => {
    const slow = chainOf(run(attempts, { pauseMs: 2_000 }), "retry_once");
    expect(slow.recovery_ms!.value).toBeCloseTo(400 + 2_000 + 1_000, 6);
  });

  it("starts a chain of the user's from the requests that were first sent to its first model", () => {
    const own = run([...attempts, answered({ logical: 500, session: 500, served: 0 })], {
      chains: ["large,large", "small,large"],
    });
    expect(chainOf(own, "large,large")).toMatchObject({ requests: 100, label: "large, then large" });
    expect(chainOf(own, "large,large").availability.value).toBeCloseTo(0.9, 12);
    expect(chainOf(own, "small,large")).toMatchObject({ requests: 1, first_failures: 0 });
  });

  it.each(["gpt", "large,", "", "large,large,large,large,large"])("refuses the chain %j", (chain) => {
    expect(() => run(attempts, { chains: [chain] })).toThrow(/--chain .*small, medium, large/);
  });

  it("never retries what is the request's own fault", () => {
    const filtered = attempts.map((attempt) =>
      attempt.isSuccess === false ? { ...attempt, errorClass: "content_filter" } : attempt,
    );
    for (const chain of ["retry_once", "fallback", "policy"]) {
      const row = chainOf(run(filtered), chain);
      expect(row.availability.value).toBeCloseTo(0.6, 12);
      expect(row.attempts.value).toBe(1);
    }
  });
});

describe("input that isn't as one would wish", () => {
  const nan = Number.NaN;
  it.each<[string, ReplayedAttempt[]]>([
    ["no rows", []],
    ["one row", [answered()]],
    ["nothing replayed", [{ billed: 1 }, { billed: nan, isUnknown: true }]],
    ["all failed", [failed(), failed({ errorClass: undefined })]],
    ["no times", [answered({ latency: nan }), failed({ latency: nan, createdAt: nan })]],
    ["unknown bills", [failed({ billed: nan, isUnknown: true }), answered({ billed: nan })]],
    ["models outside the policy", [{ served: -1, billed: 1 }, failed({ served: -1 })]],
    ["an unheard-of class", [failed({ errorClass: "__proto__" }), answered()]],
    [
      "times that go backwards",
      [failed({ logical: 0, createdAt: at(9) }), answered({ logical: 0, attemptNo: 2, createdAt: at(1) })],
    ],
    ["centuries", [answered({ createdAt: 0 }), answered({ createdAt: at(3e9) })]],
    [
      "one session",
      Array.from({ length: 9 }, (_, i) => (i % 3 ? answered({ session: 0 }) : failed({ session: 0 }))),
    ],
    ["batch jobs only", [answered({ isBatch: true }), failed({ isBatch: true })]],
  ])("%s: every share is in [0, 1], and the document can be written", (_name, attempts) => {
    const result = run(attempts);
    const text = JSON.stringify(result);
    expect(text).toBe(JSON.stringify(run(attempts)));
    const shares = [
      ...result.models.map((row) => row.error_rate),
      ...result.chains.map((row) => row.availability),
      ...(result.user ? [result.user.success, result.user.first_success] : []),
    ];
    for (const { low, value, high } of shares) {
      expect(low).toBeGreaterThanOrEqual(0);
      expect(value).toBeGreaterThanOrEqual(low);
      expect(high).toBeGreaterThanOrEqual(value);
      expect(high).toBeLessThanOrEqual(1);
    }
    expect(result.timeline.points.length).toBeLessThanOrEqual(90);
    expect(result.coverage.reduce((sum, line) => sum + line.requests, 0)).toBe(attempts.length);
  });

  it("says unknown rather than 0 where nothing is known", () => {
    const result = run([failed({ billed: nan, isUnknown: true })]);
    expect(chainOf(result, "no_retry").usd_per_request).toBeNull();
    expect(result.user!.usd_per_success).toBeNull();
    expect(result.latency).toEqual([]);
    expect(run([answered({ served: -1, usd: undefined, billed: 1 })]).chains).toEqual([]);
  });
});
