import type { ActionPlan } from "../action-plans.js";
import { compareStep } from "./compare-step.js";

/** Sending less, later, or not twice. */
export const trafficPlans = {
  batch: {
    title: "Send what nobody waits for through the batch API",
    effort: "days",
    effortReason:
      "Jobs have to be written to a file and collected later; which calls can wait is for their owners to say.",
    risk: "none",
    riskReason: "The same model answers, within 24 hours.",
    isUpperBound: true,
    firstStep: {
      text: "OpenAI: one line per request in a file, then a batch of it. Anthropic, Google and Mistral have the same at half price.",
      language: "sh",
      code: [
        `echo '{"custom_id":"1","method":"POST","url":"/v1/chat/completions","body":{"model":"MODEL","messages":[]}}' > jobs.jsonl`,
        `curl https://api.openai.com/v1/files -H "Authorization: Bearer $OPENAI_API_KEY" -F purpose=batch -F file=@jobs.jsonl`,
        `curl https://api.openai.com/v1/batches -H "Authorization: Bearer $OPENAI_API_KEY" -H "Content-Type: application/json" \\`,
        `  -d '{"input_file_id":"FILE","endpoint":"/v1/chat/completions","completion_window":"24h"}'`,
      ].join("\n"),
    },
    check: compareStep("The audit's batchable calls fall, and the bill shows them at the batch price."),
  },
  oversize: {
    title: "Trim prompts that are far longer than their kind",
    effort: "weeks",
    effortReason: "Each app's history, retrieval or documents have to be cut, and the answers looked at.",
    risk: "needs_shadow_test",
    riskReason: "What is cut might have been needed.",
    isUpperBound: true,
    firstStep: {
      text: "Find the apps and the calls, in DuckDB.",
      language: "sql",
      code: [
        "SELECT app, model, count(*) AS calls, median(input_total_tokens) AS median, max(input_total_tokens) AS longest",
        "FROM read_parquet('DIR/requests/**/*.parquet')",
        "WHERE input_total_tokens >= 4000",
        "GROUP BY app, model ORDER BY calls DESC;",
      ].join("\n"),
    },
    check: compareStep("Input tokens per call of these apps fall, and their quality doesn't."),
  },
  retries: {
    title: "Stop paying for attempts that fail",
    effort: "hours",
    effortReason: "Settings of the client or gateway: timeouts, retries and when a provider is left alone.",
    risk: "low",
    riskReason: "Fewer retries can mean more failures that users see; watch the success rate.",
    isUpperBound: true,
    firstStep: {
      text: "Retry only what can succeed, and rest a deployment that keeps failing (here LiteLLM's proxy).",
      language: "yaml",
      code: [
        "router_settings:",
        "  timeout: 60",
        "  allowed_fails: 3",
        "  cooldown_time: 60",
        "  retry_policy:",
        "    RateLimitErrorRetries: 2",
        "    TimeoutErrorRetries: 1",
        "    InternalServerErrorRetries: 1",
        "    BadRequestErrorRetries: 0",
        "    ContentPolicyViolationErrorRetries: 0",
      ].join("\n"),
    },
    check: compareStep("What failed attempts cost falls, and cost per answered request with it."),
  },
  output_cap: {
    title: "Raise the cap where answers are cut off, or ask for shorter ones",
    effort: "hours",
    effortReason: "One field of the request, app by app.",
    risk: "low",
    riskReason: "Longer answers cost more; the saving is in not asking again.",
    isUpperBound: true,
    firstStep: {
      text: "Say the length in the prompt, and set the cap well above it.",
      language: "json",
      code: JSON.stringify({ max_completion_tokens: 2048 }, null, 2),
    },
    check: compareStep("Answers that stop at the cap become rare."),
  },
} as const satisfies Record<string, ActionPlan>;
