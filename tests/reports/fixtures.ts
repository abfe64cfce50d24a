import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CacheCurveRow, CacheReplayResult } from "../../datasets/cache-result.js";
import type { SliceRow } from "../../datasets/model-evidence.js";
import type {
  AuditResult,
  Estimate,
  IngestResult,
  LabelDetails,
  LabelResult,
  ModelResult,
  ShadowResult,
  SimulateResult,
  SpendRow,
} from "../../datasets/results.js";
import {
  openOrCreateWorkspace,
  type StageManifest,
  type Workspace,
  writeManifest,
  writeResult,
} from "../../datasets/workspace.js";
import type { ReportDocuments } from "../../reports/documents.js";
import { cacheCalibration } from "./cache-calibration.js";
import { cascadeDocument, verificationDocument } from "./cascade-documents.js";
import { shadowResponse } from "./shadow-response.js";

/** Names that try to leave their place in HTML, in a script, in JSON and in Markdown. */
export const hostileNames = [
  `</script><img src=x onerror="window.hacked=1">`,
  `"><svg/onload=window.hacked=1>`,
  `x | y](javascript:window.hacked=1) ![p](https://example.com/p.png) <b>`,
  "gpt\u202e4-evil\u0000\u001b[31m\nsecond line",
] as const;

/** Documents of a middle-sized company's month: 61,204 calls, two apps that could be routed, one model without a price. */
export function realisticDocuments(): ReportDocuments {
  return {
    ingest: ingest(),
    audit: audit(),
    label: null,
    model: model(),
    simulate: simulate(),
    cascade: cascadeDocument(),
    verification: verificationDocument(),
    cache_replay: cacheReplay(),
    cache_calibration: cacheCalibration(),
    shadow: shadow(),
    manifests: manifests(),
  };
}

/** The same with a simulated judge, synthetic traffic and hostile names wherever data can put a name. */
export function hostileDocuments(): ReportDocuments {
  const documents = realisticDocuments();
  const [script, svg, markdown, control] = hostileNames;
  const { ingest, audit, model, simulate, cache_replay, cache_calibration, shadow } = documents;
  ingest!.is_synthetic = true;
  ingest!.files[0]!.path = `/logs/${script}.jsonl`;
  ingest!.reasons[0]!.example = `{"model":"${svg}"}`;
  ingest!.unpriced_models[0]!.model = script;
  audit!.by_model.forEach((row, i) => {
    row.key = hostileNames[i % hostileNames.length]!;
  });
  audit!.by_day.forEach((row, i) => {
    row.model = hostileNames[i % hostileNames.length]!;
  });
  audit!.by_app[0]!.key = markdown;
  audit!.by_provider[0]!.key = control;
  audit!.waste[0]!.note = script;
  audit!.tokens[0]!.kind = svg;
  model!.strong_model = script;
  model!.candidates[0]!.model = svg;
  model!.reliability[0]!.model = script;
  model!.slices!.rows[0]!.slice = script;
  model!.slices!.worst!.slice = svg;
  model!.confounders!.families[0]!.about = markdown;
  model!.notes.push(script, markdown);
  model!.is_simulated = true;
  simulate!.traffic!.strategies[1]!.label = script;
  simulate!.traffic!.by_app[0]!.app = script;
  simulate!.outcomes!.strategies[1]!.label = markdown;
  documents.cascade!.strategies[2]!.label = script;
  documents.cascade!.gate!.source = markdown;
  documents.cascade!.notes.push(svg);
  documents.verification!.strong_model = svg;
  documents.verification!.by_model[0]!.model = script;
  cache_replay!.by_segment[0]!.segment = script;
  cache_replay!.left_out[0]!.reason = svg;
  cache_replay!.notes.push(markdown);
  cache_calibration!.segments[0]!.segment = script;
  cache_calibration!.segments[0]!.note = svg;
  cache_calibration!.notes.push(markdown);
  shadow!.mix[0]!.model = script;
  shadow!.reasons[0]!.reason = markdown;
  shadow!.response!.slices.rows[0]!.slice = script;
  shadow!.response!.slices.worst = svg;
  shadow!.response!.verdict.text = markdown;
  shadow!.response!.judge_error.note = script;
  shadow!.response!.joins[1]!.example = svg;
  shadow!.response!.rejected[0]!.example = markdown;
  shadow!.response!.rejected[0]!.reason = control;
  shadow!.response!.sample_ratio.rows[0]!.key = script;
  shadow!.response!.guardrails[0]!.name = svg;
  shadow!.response!.sensitivity[0]!.case = script;
  shadow!.response!.is_simulated = true;
  documents.label = label();
  documents.label.judges = [script];
  return documents;
}

/** No stage has run. */
export const noDocuments: ReportDocuments = {
  ingest: null,
  audit: null,
  label: null,
  model: null,
  simulate: null,
  cascade: null,
  verification: null,
  cache_replay: null,
  cache_calibration: null,
  shadow: null,
  manifests: [],
};

/** A temporary workspace that holds the documents. */
export function workspaceOf(documents: ReportDocuments): Workspace {
  const workspace = openOrCreateWorkspace(join(mkdtempSync(join(tmpdir(), "signalbox-report-")), "ws"));
  for (const name of [
    "ingest",
    "audit",
    "label",
    "model",
    "simulate",
    "cascade",
    "verification",
    "cache_replay",
    "cache_calibration",
    "shadow",
  ] as const) {
    if (documents[name] !== null) writeResult(workspace, name, documents[name]);
  }
  for (const manifest of documents.manifests) writeManifest(workspace, manifest);
  return workspace;
}

const models = [
  { name: "claude-sonnet-4-5", share: 0.47 },
  { name: "gpt-4.1", share: 0.24 },
  { name: "gpt-4o", share: 0.11 },
  { name: "gemini-2.5-pro", share: 0.08 },
  { name: "gpt-4.1-mini", share: 0.05 },
  { name: "claude-haiku-4-5", share: 0.03 },
  { name: "gpt-4o-mini", share: 0.015 },
  { name: "gemini-2.5-flash", share: 0.005 },
];

const totalUsd = 18_412.37;
const totalCalls = 61_204;
const unpricedCalls = 1_930;

function ingest(): IngestResult {
  const files = [
    file("logs/litellm-2025-06.jsonl", "litellm", 41_388, 40_212, 311, 640, 225),
    file("logs/otel/spans-2025-06.json", "otlp-json", 15_020, 14_870, 12, 138, 0),
    file(
      "logs/bedrock/2025/06/AWSLogs_us-east-1_20250630T2355Z_8f3ab1.json.gz",
      "bedrock-invocation",
      6_160,
      6_122,
      38,
      0,
      0,
    ),
  ];
  return {
    schema_version: 1,
    files,
    totals: { read: 62_568, accepted: totalCalls, quarantined: 361, duplicates: 778, skipped: 225 },
    reasons: [
      { disposition: "quarantined", reason: "no_model", count: 214, example: "litellm-2025-06.jsonl:812" },
      {
        disposition: "quarantined",
        reason: "bad_json",
        count: 147,
        example: "litellm-2025-06.jsonl:20119: line ends inside a string",
      },
      { disposition: "duplicate", reason: "same_request_id", count: 778, example: "spans-2025-06.json:311" },
      { disposition: "skipped", reason: "health_check", count: 225, example: "litellm-2025-06.jsonl:4" },
    ],
    unpriced_models: [
      { model: "acme-internal-7b", provider: null, requests: unpricedCalls, tokens: 4_120_332 },
    ],
    content: "redacted",
    ignored_files: [{ path: "logs/README.md", why: "not a log" }],
  };
}

function file(
  path: string,
  source: string,
  read: number,
  accepted: number,
  quarantined: number,
  duplicates: number,
  skipped: number,
) {
  const sha256 = Buffer.from(path).toString("hex").padEnd(64, "0").slice(0, 64);
  return {
    path,
    sha256,
    bytes: read * 2_713,
    source,
    read,
    accepted,
    quarantined,
    duplicates,
    skipped,
    reused: false,
  };
}

function audit(): AuditResult {
  const byModel = [
    ...models.map(({ name, share }) => spendRow(name, share)),
    {
      ...spendRow("acme-internal-7b", 0),
      requests: unpricedCalls,
      priced_requests: 0,
      unpriced_requests: unpricedCalls,
    },
  ];
  return {
    schema_version: 1,
    from: "2025-06-01T00:00:12.113Z",
    to: "2025-06-30T23:58:40.871Z",
    days: 30,
    requests: totalCalls,
    logical_requests: 59_876,
    sessions: 12_318,
    billed: { usd: totalUsd, priced_requests: totalCalls - unpricedCalls, unpriced_requests: unpricedCalls },
    list: { usd: 18_020.11, priced_requests: totalCalls - unpricedCalls, unpriced_requests: unpricedCalls },
    reported: { usd: 12_804.02, priced_requests: 40_212, unpriced_requests: totalCalls - 40_212 },
    usd_per_successful_request: 0.3104,
    by_model: byModel,
    by_provider: [spendRow("anthropic", 0.5), spendRow("openai", 0.415), spendRow("google", 0.085)],
    by_app: [
      spendRow("support-assistant", 0.52),
      spendRow("contract-review", 0.27),
      spendRow("marketing-drafts", 0.14),
      spendRow("internal-search", 0.07),
    ],
    by_api_key: [spendRow("prod-eu", 0.6), spendRow("prod-us", 0.4)],
    by_endpoint: [spendRow("chat", 1)],
    by_source: [spendRow("litellm", 0.7), spendRow("otlp-json", 0.21), spendRow("bedrock-invocation", 0.09)],
    by_day: days().flatMap((day, i) =>
      models.map(({ name, share }, m) => {
        const weekend = i % 7 === 0 || i % 7 === 6 ? 0.35 : 1;
        const wave = 1 + 0.18 * Math.sin(i * 1.3 + m);
        return {
          day,
          model: name,
          usd: (totalUsd / 24.5) * share * weekend * wave,
          requests: Math.round(2_000 * share * weekend),
          unpriced_requests: 0,
        };
      }),
    ),
    tokens: [
      { kind: "input, uncached", tokens: 1_204_331_870 },
      { kind: "input, cache read", tokens: 612_004_118 },
      { kind: "input, cache write 5 min", tokens: 88_120_400 },
      { kind: "input, cache write 1 h", tokens: 0 },
      { kind: "output, text", tokens: 141_880_230 },
      { kind: "output, reasoning", tokens: 63_204_911 },
    ],
    waste: [
      {
        kind: "exact repeats",
        requests: 5_120,
        usd: 1_220.4,
        evidence: "measured",
        note: "Identical prompts to the same model and app after the first; a cache would have answered them.",
      },
      {
        kind: "retries",
        requests: 1_328,
        usd: 402.77,
        evidence: "measured",
        note: "Second and later attempts of the same logical request.",
      },
      {
        kind: "cut off by the output cap",
        requests: 611,
        usd: 233.09,
        evidence: "measured",
        note: "Answers that stopped at max_tokens; they are often asked again.",
      },
      {
        kind: "failed attempts",
        requests: 902,
        usd: 41.5,
        evidence: "measured",
        note: "Attempts that ended in an error, at what they were charged.",
      },
    ],
    latency: models.map(({ name }, i) => ({
      model: name,
      p50_ms: 2_900 - i * 310,
      p95_ms: 9_800 - i * 900,
      n: 5_000 + i,
    })),
    errors: [
      { error_class: "rate_limit", requests: 611, usd: 0 },
      { error_class: "timeout", requests: 204, usd: 41.5 },
      { error_class: "context_length", requests: 87, usd: 0 },
    ],
    price_sources: [
      { price_source: "reported by litellm", requests: 40_212, usd: 12_804.02 },
      { price_source: "genai-prices 0.1.8", requests: 19_062, usd: 5_608.35 },
      { price_source: "no price: unknown model", requests: unpricedCalls, usd: 0 },
    ],
    unpriced: {
      models: [
        {
          provider: null,
          model: "acme-internal-7b",
          reason: "unknown_model",
          requests: unpricedCalls,
          tokens: 1_204_331,
          share_of_tokens: 0.0006,
          high_usd: null,
          high_basis: "the provider isn't known",
        },
      ],
      requests: unpricedCalls,
      tokens: 1_204_331,
      share_of_tokens: 0.0006,
      low_usd: totalUsd,
      high_usd: null,
    },
    attempts: {
      retried_requests: 1_204,
      retries: 1_120,
      fallbacks: 208,
      recovered_requests: 1_150,
      usd_superseded: 41.5,
    },
    prompt_cache: [
      {
        model: "claude-opus-4-1",
        requests: 14_900,
        requests_with_reads: 9_120,
        input_tokens: 712_000_000,
        read_tokens: 388_000_000,
        write_5m_tokens: 88_120_400,
        write_1h_tokens: 0,
      },
    ],
    input_sizes: [
      { from_tokens: 0, requests: 9_000, input_tokens: 4_100_000, usd: 120.5 },
      { from_tokens: 1000, requests: 30_000, input_tokens: 141_000_000, usd: 4_820.25 },
    ],
    duplicates: [{ reason: "duplicate_id", source: "litellm", records: 412 }],
  };
}

function spendRow(key: string, share: number): SpendRow {
  const requests = Math.round((totalCalls - unpricedCalls) * share);
  return {
    key,
    requests,
    errors: Math.round(requests * 0.015),
    input_tokens: requests * 31_102,
    output_tokens: requests * 3_350,
    cache_read_tokens: requests * 9_999,
    usd: totalUsd * share,
    priced_requests: requests,
    unpriced_requests: 0,
  };
}

function days(): string[] {
  return Array.from({ length: 30 }, (_, i) => `2025-06-${String(i + 1).padStart(2, "0")}`);
}

function estimate(value: number, low: number, high: number, method: string, n: number): Estimate {
  return { value, low, high, method, n };
}

const clustered = "95 % interval, cluster-robust by session (Student t)";
const repriced = `modelled: logged token counts at the other model's list price; ${clustered}`;
const predicted = `modelled: the router's calibrated sufficiency, not an observed answer; ${clustered}`;
const observed = `measured: outcomes of every candidate on the same items; ${clustered}`;

function simulate(): SimulateResult {
  const n = 52_310;
  const traffic = (
    strategy: string,
    label: string,
    usd: number,
    saving: number | null,
    kept: number,
    strong_share: number,
  ) => ({
    strategy,
    label,
    usd: estimate(
      usd,
      usd * 0.955,
      usd * 1.047,
      strategy === "billed" ? `measured: the log's own cost; ${clustered}` : repriced,
      n,
    ),
    saving: saving === null ? null : estimate(saving, saving - 0.021, saving + 0.02, repriced, n),
    retention: estimate(kept, kept - 0.004, Math.min(1, kept + 0.004), predicted, n),
    strong_share,
  });
  const held = (
    strategy: string,
    label: string,
    usd: number,
    saving: number | null,
    kept: number,
    strong_share: number,
  ) => ({
    strategy,
    label,
    usd: estimate(usd, usd * 0.93, usd * 1.07, observed, 1_840),
    saving: saving === null ? null : estimate(saving, saving - 0.03, saving + 0.03, observed, 1_840),
    retention:
      strategy === "always_strong"
        ? estimate(1, 1, 1, observed, 1_840)
        : estimate(kept, kept - 0.011, kept + 0.01, observed, 1_840),
    strong_share,
  });
  return {
    schema_version: 1,
    artifact_id: "20250701-9f31c2aa",
    outcomes: {
      n: 1_840,
      sessions: 1_214,
      strategies: [
        held("always_strong", "Always claude-sonnet-4-5", 61.2, null, 1, 1),
        held("best_single", "Best single model: gpt-4.1", 48.8, 0.203, 0.981, 0),
        held("cost_matched_random", "Random, same mix as the router", 30.9, 0.495, 0.942, 0.41),
        held("router", "Trained router", 30.4, 0.503, 0.986, 0.41),
      ],
    },
    traffic: {
      requests: n,
      sessions: 10_980,
      strategies: [
        traffic("billed", "As billed", 16_204.1, null, 0.991, 0.58),
        traffic("always_strong", "Always claude-sonnet-4-5", 21_890.4, -0.351, 1, 1),
        traffic("best_single", "Best single model: gpt-4.1", 14_630.8, 0.097, 0.979, 0),
        traffic("cost_matched_random", "Random, same mix as the router", 9_020.2, 0.443, 0.945, 0.38),
        traffic("router", "Trained router", 8_102.9, 0.4999, 0.985, 0.38),
        {
          ...traffic("claim", "ML classifier and threshold (published)", 0.85, 0.4, 0.96, 0.3),
          is_claim: true,
          retention: null,
          saving: null,
        },
      ],
      coverage: [
        {
          evidence: "modelled",
          requests: n,
          usd: 16_204.1,
          note: "decided by the router and re-priced from logged tokens",
        },
        { evidence: "measured", requests: 902, usd: 41.5, note: "failed attempts: left as billed" },
        {
          evidence: "measured",
          requests: 6_062,
          usd: 2_166.77,
          note: "served by a model outside the router's pool: left as billed",
        },
        { evidence: "unknown", requests: unpricedCalls, usd: 0, note: "no known price: not in any total" },
      ],
      saving_of_bill: 0.31,
      by_app: [
        {
          app: "support-assistant",
          requests: 31_204,
          billed_usd: 8_804.1,
          routed_usd: 2_790.3,
          strong_share: 0.18,
        },
        {
          app: "contract-review",
          requests: 9_120,
          billed_usd: 4_390.9,
          routed_usd: 4_012.5,
          strong_share: 0.91,
        },
        {
          app: "marketing-drafts",
          requests: 8_013,
          billed_usd: 2_120.6,
          routed_usd: 890.2,
          strong_share: 0.33,
        },
        { app: "internal-search", requests: 3_973, billed_usd: 888.5, routed_usd: 409.9, strong_share: 0.22 },
      ],
    },
    is_simulated: false,
    notes: [
      "Another model's answer is priced with the logged number of output tokens; models differ in how much they write.",
    ],
  };
}

function share(value: number, half: number, n: number) {
  return { value, low: value - half, high: value + half, method: "measured on held-out rows", n };
}

function slice(dimension: string, name: string, n: number, retention: SliceRow["retention"]): SliceRow {
  return {
    dimension,
    slice: name,
    n,
    sessions: Math.ceil(n / 2),
    is_small: retention === null,
    retention,
    strong_share: retention && share(0.4, 0.03, n),
    saving: retention && share(0.5, 0.03, n),
  };
}

function model(): ModelResult {
  const method = "1,000 bootstrap draws of sessions";
  return {
    schema_version: 1,
    artifact_id: "20250701-9f31c2aa",
    artifact_path: "ws/artifact/20250701-9f31c2aa",
    strong_model: "claude-sonnet-4-5",
    candidates: [
      {
        model: "claude-sonnet-4-5",
        mean_quality: 0.871,
        mean_cost_usd: 0.0333,
        cost_source: "outcomes",
        status: "strong model",
      },
      {
        model: "gpt-4.1",
        mean_quality: 0.855,
        mean_cost_usd: 0.0265,
        cost_source: "outcomes",
        status: "candidate",
      },
      {
        model: "gpt-4.1-mini",
        mean_quality: 0.771,
        mean_cost_usd: 0.0041,
        cost_source: "outcomes",
        status: "candidate",
      },
      {
        model: "gpt-4o",
        mean_quality: 0.806,
        mean_cost_usd: 0.0372,
        cost_source: "list price",
        status: "dominated by gpt-4.1: dearer and not better",
      },
    ],
    rows: { train: 9_204, calibration: 1_841, threshold: 1_840 },
    split: "by session, the newest sessions last",
    label_sources: ["imported outcomes"],
    is_simulated: false,
    retention_target: 0.98,
    metrics: {
      apgr: estimate(0.71, 0.66, 0.75, method, 1_840),
      auc: estimate(0.792, 0.77, 0.813, method, 1_840),
      expected_calibration_error: estimate(0.021, 0.014, 0.034, method, 1_840),
    },
    reliability: ["gpt-4.1", "gpt-4.1-mini"].map((name, m) => ({
      model: name,
      bins: Array.from({ length: 10 }, (_, i) => {
        const predicted = (i + 0.5) / 10;
        return {
          predicted,
          observed: Math.min(1, Math.max(0, predicted + 0.04 * Math.sin(i * 2 + m))),
          n: 40 + 30 * i,
        };
      }),
    })),
    frontier: Array.from({ length: 21 }, (_, i) => {
      const strong = i / 20;
      const quality = 0.78 + 0.091 * (1 - (1 - strong) ** 2.4);
      return {
        threshold: i / 20,
        strong_share: strong,
        usd: 0.0049 + 0.0284 * strong,
        quality,
        retention_low: quality / 0.871 - 0.008,
      };
    }),
    heldout: null,
    dial: {
      confidence: 0.95,
      in_force: 0.98,
      points: [0.95, 0.98, 0.995].map((retention, i) => ({
        retention,
        min_sufficiency: {
          "gpt-4.1-mini": [0.61, 0.78, null][i]!,
          "gpt-4.1": [0.61, 0.78, 0.9][i]!,
        },
        retention_low: [0.952, 0.981, null][i]!,
        strong_share: share([0.31, 0.52, 1][i]!, i === 2 ? 0 : 0.02, 1_840),
        saving: share([0.58, 0.37, 0][i]!, i === 2 ? 0 : 0.02, 1_840),
        // 1 - (strong + candidates) / always is the saving above
        costs: {
          strong_usd: [0.006_6, 0.013, 0.028][i]!,
          candidates_usd: [0.005_16, 0.004_64, 0][i]!,
          always_strong_usd: 0.028,
        },
      })),
    },
    slices: {
      least_rows: 30,
      least_sessions: 10,
      rows: [
        slice("group", "support", 912, share(0.974, 0.012, 912)),
        slice("group", "code review", 388, share(0.931, 0.031, 388)),
        slice("group", "beta", 12, null),
      ],
      worst: { dimension: "group", slice: "code review", of: 2, retention: share(0.931, 0.036, 388) },
    },
    confounders: {
      requests: 400,
      not_cheapest: 180,
      source: "requests of the log that were not labelled",
      is_seen_in_training: false,
      families: [
        {
          family: "brevity",
          about: "a wish for a short answer at the end",
          to_cheaper: share(0.04, 0.02, 180),
          to_dearer: null,
          budget: 0.25,
          status: "within",
        },
      ],
    },
    notes: ["Thresholds were chosen by a 95 % lower bound on retention."],
  };
}

function label(): LabelResult & Partial<LabelDetails> {
  return {
    schema_version: 1,
    items: 800,
    verdicts: [
      { kind: "tier", verdict: "0", count: 411 },
      { kind: "tier", verdict: "1", count: 290 },
      { kind: "sufficiency", verdict: "sufficient", count: 1_120 },
      { kind: "sufficiency", verdict: "insufficient", count: 402 },
    ],
    cost_usd: 4.12,
    judges: ["simulated-judge"],
    pairs: [
      {
        candidate: "gpt-4.1-mini",
        sufficient: 511,
        insufficient: 201,
        tie: 80,
        cannot_tell: 8,
        sufficient_share: estimate(
          0.681,
          0.642,
          0.72,
          "measured: weighted by inclusion probability; cluster-robust by session",
          792,
        ),
      },
    ],
    position_flip_rate: estimate(0.1, 0.08, 0.12, "measured: cluster-robust by session", 792),
    failures: [{ kind: "sufficiency", reason: "not valid JSON", calls: 6 }],
    exact_checks: [{ check: "numeric", sufficient: 31, insufficient: 2 }],
    canaries: [
      {
        canary: "injection",
        expected: "insufficient",
        calls: 32,
        passed: 31,
        pass_rate: estimate(0.969, 0.75, 1, "measured on planted questions; Wilson 95 % over items", 16),
      },
    ],
    is_simulated: true,
    notes: [],
  };
}

function shadow(): ShadowResult {
  return {
    schema_version: 2,
    decisions: 6_120,
    unmatched: 31,
    malformed: 2,
    mix: [
      { model: "gpt-4.1-mini", decisions: 3_410, share: 0.557 },
      { model: "claude-sonnet-4-5", decisions: 2_330, share: 0.381 },
      { model: "gpt-4.1", decisions: 380, share: 0.062 },
    ],
    agreement: estimate(0.402, 0.385, 0.419, "measured: decision equals the model that served", 6_089),
    cost_delta_usd: estimate(-812.4, -870.2, -755.1, repriced, 6_089),
    latency_us: { p50: 181, p95: 402, p99: 690 },
    sample: { rate: 0.1, expected: 6_098, observed: 6_120, p_value: 0.77, verdict: "ok" },
    reasons: [
      { reason: "sufficient", count: 3_790 },
      { reason: "needs_strong", count: 2_002 },
      { reason: "out_of_distribution", count: 328 },
    ],
    artifacts: ["20250701-9f31c2aa"],
    response: shadowResponse(),
    notes: ["Decisions were logged and not followed."],
  };
}

function manifests(): StageManifest[] {
  const stage = (
    name: string,
    completed_at: string,
    rows: Record<string, number>,
    seed: number | null = null,
  ): StageManifest => ({
    stage: name,
    completed_at,
    versions: { signalbox: "0.1.0" },
    inputs:
      name === "train" ? [{ path: "evals/outcomes.jsonl", sha256: "ab".repeat(32), bytes: 12_345_678 }] : [],
    rows,
    seed,
    seconds: 12.5,
    notes: [],
  });
  return [
    stage("ingest", "2025-07-01T06:00:00.000Z", { read: 62_568, accepted: totalCalls }),
    stage("train", "2025-07-01T06:10:00.000Z", { train: 9_204 }, 7),
    stage("export", "2025-07-01T06:11:00.000Z", { golden: 64 }, 7),
  ];
}

function cacheReplay(): CacheReplayResult {
  const share = (value: number, low: number, high: number, method: string): Estimate => ({
    value,
    low,
    high,
    method,
    n: 61_000,
  });
  const row = (min_cosine: number | null, semantic_hits: number, net: number): CacheCurveRow => ({
    min_cosine,
    exact_hits: 1_220,
    semantic_hits,
    misses: 57_280 - semantic_hits,
    uncacheable: 2_500,
    hit_rate: share((1_220 + semantic_hits) / 61_000, 0.01, 0.2, "measured: hits / requests replayed"),
    known_hits: 0,
    wrong_hits: null,
    usr: null,
    fhr: null,
    answered_hits: 1_220 + semantic_hits,
    same_answer_hits: 410,
    cross_tenant_hits: 0,
    saved_usd: 400 + semantic_hits / 4,
    hits_of_unknown_cost: 38,
    embedding_usd: min_cosine === null ? 0 : 0.03,
    operations_usd: 0.41,
    storage_usd: 0.05,
    net_usd: share(net, net - 30, net + 30, "measured: billed cost of the hits less running costs"),
    break_even_hit_rate: 0.0004,
    entries: 40_000,
    evictions: 0,
    stale_hits: 12,
  });
  const curve = [row(null, 0, 399), row(0.97, 900, 620), row(0.92, 3_100, 1_180), row(0.86, 6_400, 2_004)];
  return {
    schema_version: 1,
    source: {
      kind: "workspace",
      path: null,
      from: "2025-06-01T00:00:00.000Z",
      to: "2025-06-30T23:59:00.000Z",
      days: 30,
    },
    requests: 61_000,
    sessions: 20_100,
    segments: 2,
    scopes: 31_000,
    left_out: [{ reason: "failed", requests: 204 }],
    never_cached: [{ reason: "time_sensitive", requests: 2_500 }],
    exact_tier_only: 75,
    embedder: { id: "hashed-chars-512", sha256: "cd".repeat(32), dim: 512 },
    settings: { ttl_s: 86_400, capacity: 100_000, eviction: "lru", has_guard: true, min_answer_cosine: null },
    nearest_found: { searches: 31, found: 30 },
    prices: {
      embedding_usd_per_mtok: 0,
      operations_usd_per_m: 4,
      storage_usd_per_entry_day: 5e-8,
      notes: ["Embedding: 0, for the embedder runs in your process (default)."],
    },
    is_truth_known: false,
    curve,
    by_segment: [
      { segment: "support", requests: 40_000 },
      { segment: "search", requests: 21_000 },
    ].map(({ segment, requests }) => ({
      segment,
      requests,
      uncacheable: 1_250,
      curve: curve.map(({ min_cosine, exact_hits }) => ({
        min_cosine,
        hits: exact_hits / 2,
        wrong_hits: null,
        saved_usd: 200,
      })),
    })),
    last_turn_key: { hits: 9_100, refused_hits: 7_880, refused_wrong: null, refused_known: 0 },
    notes: [],
  };
}
