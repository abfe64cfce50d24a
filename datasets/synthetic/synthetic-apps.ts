import type { Family } from "./task-families.js";

/** Log format that an app's traffic is written in. */
export const TrafficFormat = { litellm: "litellm", otlp: "otlp", rawPairs: "raw-pairs" } as const;
export type TrafficFormat = (typeof TrafficFormat)[keyof typeof TrafficFormat];

/** One application of the synthetic company: who calls, through what, with which habits. */
export interface SyntheticApp {
  readonly name: string;
  readonly format: TrafficFormat;
  /** Share of the traffic, relative to the other apps. */
  readonly share: number;
  readonly system: string;
  readonly tenants: readonly string[];
  readonly families: Readonly<Partial<Record<Family, number>>>;
  /** Which model the app calls: habit, not need. */
  readonly models: Readonly<Record<string, number>>;
  readonly streamShare: number;
  readonly maxTokens: number | null;
  readonly temperature: number | null;
}

/** The five apps. Each logs in one format, as real companies do: a gateway, a tracing SDK, and a home-made proxy. */
export const syntheticApps: readonly SyntheticApp[] = [
  {
    name: "synthetic-helpdesk",
    format: TrafficFormat.litellm,
    share: 30,
    system:
      "You are the help desk of a software company. Answer in a friendly, exact way. Never promise a refund. Ask for what is missing. If money, contracts or personal data are concerned, name the rule that applies.",
    tenants: ["retail", "enterprise", "partners"],
    families: { support: 85, writing: 10, extraction: 5 },
    models: { "gpt-4o": 88, "gpt-4o-mini": 12 },
    streamShare: 0.7,
    maxTokens: 800,
    temperature: 0.3,
  },
  {
    name: "synthetic-marketing",
    format: TrafficFormat.litellm,
    share: 12,
    system:
      "You write for a company that sells household goods. Keep to plain words and to the brand's calm voice.",
    tenants: ["brand", "events"],
    families: { writing: 90, analytics: 10 },
    models: { "gpt-4o": 60, "gpt-4-turbo": 40 },
    streamShare: 0.2,
    maxTokens: null,
    temperature: 0.9,
  },
  {
    name: "synthetic-analyst",
    format: TrafficFormat.otlp,
    share: 18,
    system:
      "You are a data analyst. Use only the rows you are given. State assumptions. SQL is for a warehouse with tables sales, refunds and visits.",
    tenants: ["finance", "sales"],
    families: { analytics: 90, extraction: 10 },
    models: { "gpt-4o": 75, "claude-sonnet-4-20250514": 25 },
    streamShare: 0.1,
    maxTokens: 1500,
    temperature: 0,
  },
  {
    name: "synthetic-intake",
    format: TrafficFormat.otlp,
    share: 20,
    system: "You read incoming documents and messages. Return what is asked for and nothing else.",
    tenants: ["logistics", "legal"],
    families: { extraction: 95, support: 5 },
    models: { "gpt-4o": 90, "gpt-4o-mini": 10 },
    streamShare: 0,
    maxTokens: 400,
    temperature: 0,
  },
  {
    name: "synthetic-devtools",
    format: TrafficFormat.rawPairs,
    share: 20,
    system: devtoolsHandbook(),
    tenants: ["platform", "mobile"],
    families: { coding: 95, writing: 5 },
    models: { "claude-sonnet-4-20250514": 45, "gpt-4o": 55 },
    streamShare: 0.5,
    maxTokens: 2000,
    temperature: null,
  },
];

/** A system prompt long enough (over 1,024 tokens) for the providers' prompt caches. */
function devtoolsHandbook(): string {
  const areas = [
    "naming",
    "errors",
    "tests",
    "logging",
    "concurrency",
    "migrations",
    "dependencies",
    "reviews",
    "security",
    "performance",
  ];
  const rules = areas.map(
    (area, i) =>
      `${i + 1}. On ${area}: say first what the code does today, then what should change and why. Prefer the smallest change that a reviewer ` +
      `can check in one sitting. When ${area} touches a public interface, list every caller that is affected and how to move it over. ` +
      `Never invent a function, a flag or a file: if something about ${area} is not in the question, say that it is missing and go on with a stated assumption. ` +
      `Show code before prose, keep lines under one hundred characters, and end with the command that proves the change.`,
  );
  return `You are the coding assistant of a product team. House rules:\n${rules.join("\n")}`;
}
