import type { Mapping } from "../mapping.js";

/** What a mapping doesn't fill, and what that costs. */
export function missingFields({ fields }: Mapping): Array<{ field: string; consequence: string }> {
  const has = (...names: string[]) => names.some((name) => name in fields);
  return wanted
    .filter(({ names }) => !has(...names))
    .map(({ names, consequence }) => ({ field: names[0]!, consequence }));
}

const wanted = [
  {
    names: ["model", "model_served", "model_requested", "request", "response"],
    consequence: "no price: a constant model can stand in",
  },
  {
    names: ["input_tokens", "usage", "response"],
    consequence: "input tokens are counted from the prompt, or missing",
  },
  {
    names: ["output_tokens", "usage", "response"],
    consequence: "output tokens are counted from the answer, or missing",
  },
  {
    names: ["user_text", "messages", "request"],
    consequence: "no prompt: the traffic can be priced, but no router learns from it",
  },
  { names: ["output_text", "response"], consequence: "no answer: its quality can't be judged" },
  { names: ["latency_ms", "ended_at"], consequence: "no latency" },
  { names: ["cost_reported_usd"], consequence: "no reported cost: a gateway's mark-up can't be seen" },
  { names: ["status", "http_status", "error"], consequence: "every record counts as answered" },
  { names: ["provider"], consequence: "the provider is guessed from the model's name" },
  {
    names: ["request_id"],
    consequence: "duplicates are found only where records are the same word for word",
  },
  { names: ["session_id"], consequence: "requests can't be joined into conversations" },
];
