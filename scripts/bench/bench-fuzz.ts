import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  loadRouter,
  type OperatingPolicy,
  type PolicyRule,
  type RouteRequest,
  type Router,
  type RuleAction,
  type RuleCondition,
} from "@signalbox/runtime";
import { createRandom, type Random } from "../../datasets/random.js";
import { type HostileKind, hostileKinds, hostileRequest } from "../../datasets/synthetic/hostile-request.js";
import { stderrProgress } from "../terminal.js";
import { runBench } from "./bench.js";
import { writeRandomArtifact } from "./random-artifact.js";

/** Share of each kind that costs much to make or to read; the others divide the rest evenly. */
const heavyShares: Partial<Record<HostileKind, number>> = {
  huge_text: 0.02,
  wide: 0.01,
  deep: 0.03,
  cyclic: 0.05,
};
const slowestAllowedMs = 50;
/** All that an operator can switch on, so that hostile requests reach it. */
const everySetting: OperatingPolicy = {
  rules: [
    rule("invoices", { text_matches: "\\b(invoice|paid)s?\\b.{0,40}\\d" }, { at_least: "medium" }),
    rule("tiny", { app: ["x", "y"], max_chars: 40, has_tools: false }, { model: "small" }),
    rule("images", { has_images: true, meta: { plan: "free" } }, { exclude: ["large"] }),
  ],
  max_cost_usd: 0.05,
  min_confidence: 0.6,
  switching: { drops: "when_cheaper", min_prefix_tokens: 1_024, cache_ttl_s: 300 },
  deny_models: [],
  exploration: { epsilon: 0.1, salt: "fuzz" },
  ramp: { share: 0.9, salt: "fuzz" },
};

await runBench({
  name: "fuzz",
  title: "Hostile requests",
  about:
    "Random and hostile requests (huge, deep, cyclic, wrong types, throwing getters, proxies, lone surrogates, ...) put to `decide`, `record`, `cacheKey` and `cacheDecision` of a router with rules, a cost cap, priced switching, exploration and a ramp. Nothing may throw, and no call may take 50 ms.",
  options: ["requests", "seed"],
  main: async ({ quick, options }) => {
    const total = Number(options.requests ?? (quick ? 20_000 : 1_000_000));
    const seed = Number(options.seed ?? 1);
    const temporary = mkdtempSync(join(tmpdir(), "signalbox-fuzz-"));
    try {
      const artifact = join(temporary, "artifact");
      writeRandomArtifact(artifact, { hidden: 16, lengthQuantiles: [0.1, 0.5, 0.9], policy: everySetting });
      const router = await loadRouter(artifact, { decisionLog: () => {} });
      return outcome(await fuzz(router, total, seed), router, total, seed);
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  },
});

interface Tally {
  requests: number;
  threw: number;
  /** Longest call, and the longest once calls over the limit were repeated: other processes and the collector pause calls, too. */
  longestMs: number;
  longestAgainMs: number;
}

async function fuzz(router: Router, total: number, seed: number): Promise<Map<HostileKind, Tally>> {
  const random = createRandom(seed);
  const tallies = new Map<HostileKind, Tally>(
    hostileKinds.map((kind) => [kind, { requests: 0, threw: 0, longestMs: 0, longestAgainMs: 0 }]),
  );
  const { progress, end } = stderrProgress();
  for (let done = 0; done < total; done++) {
    const kind = drawKind(random);
    putTo(router, hostileRequest(kind, random), tallies.get(kind)!, done);
    if (done % 20_000 === 0) {
      progress({ label: "fuzzing", done, total, unit: "requests" });
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  end();
  return tallies;
}

function drawKind(random: Random): HostileKind {
  let left = random.uniform();
  for (const [kind, share] of Object.entries(heavyShares)) {
    left -= share;
    if (left < 0) return kind as HostileKind;
  }
  const light = hostileKinds.filter((kind) => heavyShares[kind] === undefined);
  return random.pick(light);
}

function putTo(router: Router, given: unknown, tally: Tally, done: number): void {
  const request = given as RouteRequest;
  const calls: Array<() => unknown> = [
    () => router.record(router.decide(request), given as object),
    ...(done % 8 === 0
      ? [
          () => router.cacheKey(request),
          () => router.cacheDecision({ prompt: given, neighbours: [given, { prompt: given }] } as never),
        ]
      : []),
  ];
  tally.requests += 1;
  for (const call of calls) {
    const took = timeOf(call, tally);
    tally.longestMs = Math.max(tally.longestMs, took);
    const again = took < slowestAllowedMs ? took : Math.min(took, timeOf(call, tally), timeOf(call, tally));
    tally.longestAgainMs = Math.max(tally.longestAgainMs, again);
  }
}

function timeOf(call: () => unknown, tally: Tally): number {
  const started = performance.now();
  try {
    call();
  } catch {
    tally.threw += 1;
  }
  return performance.now() - started;
}

function outcome(tallies: Map<HostileKind, Tally>, router: Router, total: number, seed: number) {
  const all = [...tallies.values()];
  const { defaults, errors } = router.stats();
  const sum = (of: (tally: Tally) => number) => all.reduce((total, tally) => total + of(tally), 0);
  const longest = (of: (tally: Tally) => number) => Math.max(...all.map(of));
  return {
    figures: {
      requests: total,
      threw: sum(({ threw }) => threw),
      longest_ms: longest(({ longestMs }) => longestMs),
      longest_repeated_ms: longest(({ longestAgainMs }) => longestAgainMs),
      default_answers: defaults,
    },
    reference: { wanted_threw: 0, wanted_longest_ms: slowestAllowedMs },
    tables: [
      {
        title: "By kind",
        columns: ["kind", "requests", "threw", "longest, ms", "longest, slow calls repeated, ms"],
        rows: [...tallies].map(([kind, tally]) => [
          kind,
          tally.requests.toLocaleString("en-US"),
          String(tally.threw),
          tally.longestMs.toFixed(1),
          tally.longestAgainMs.toFixed(1),
        ]),
      },
    ],
    notes: [
      `Seed ${seed}. Faults that the router caught and answered with the default model, by stage: ${JSON.stringify(errors)} (throwing getters and proxies of the caller's). Every request goes through decide and record, every eighth through cacheKey and cacheDecision, too. A call over ${slowestAllowedMs} ms is repeated twice and its shortest time taken, since the operating system and the garbage collector stop calls as well.`,
    ],
  };
}

function rule(id: string, when: RuleCondition, then: RuleAction): PolicyRule {
  return { id, when, then };
}
