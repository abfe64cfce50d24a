import { asArray, asRecords, firstString, type JsonRecord } from "../sources/json-access.js";
import { datedPeriod } from "./bill-period.js";
import { type BillLine, emptyBillLine, requestLines, tokenLines, Vendor } from "./bill-row.js";
import { billedModel } from "./billed-model.js";
import type { BillEntry, InvoiceReader } from "./invoice-reader.js";
import { readAmount } from "./read-amount.js";

/** OpenRouter's activity by day: the daily CSV (Date, Slug, Usage, ...) and the answer of `GET /api/v1/activity`. Usage is what was
 * taken from the credits; inference with the user's own keys is billed by the provider and only stated here.
 * @see https://openrouter.ai/docs/api/api-reference/analytics/get-user-activity */
export const openrouterDaily: InvoiceReader = {
  name: "openrouter-daily",
  title: "OpenRouter activity by day (CSV or activity API)",
  vendor: Vendor.openrouter,
  recognises: (record) => activities(record).some(isActivity),
  read: (record) => activities(record).map(readActivity),
};

/** OpenRouter's activity export, one row per request. */
export const openrouterRequests: InvoiceReader = {
  name: "openrouter-requests",
  title: "OpenRouter activity by request, CSV",
  vendor: Vendor.openrouter,
  recognises: (record) => "generation_id" in record && "cost_total" in record,
  read(record) {
    const period = datedPeriod(record.created_at, "hour");
    if (period === null) return [{ unread: "created_at is no time" }];
    const cost = readAmount(record.cost_total);
    if (cost === null) return [{ unread: "cost_total is no number" }];
    const written = firstString(record, ["model_permaslug", "model"]);
    return [
      {
        period,
        lines: activityLines(written, {
          usage: cost,
          ownKeyUsage: readAmount(record.byok_usage_inference),
          requests: 1,
          prompt: readAmount(record.tokens_prompt),
          completion: readAmount(record.tokens_completion),
          apiKey: firstString(record, ["api_key_name"]),
        }),
      },
    ];
  },
};

function activities(record: JsonRecord): JsonRecord[] {
  return asArray(record.data) === null ? [record] : asRecords(record.data);
}

function isActivity(record: JsonRecord): boolean {
  return (
    ("Slug" in record && "Usage" in record && "Date" in record) ||
    ("date" in record &&
      "usage" in record &&
      ("model_permaslug" in record || "byok_usage_inference" in record))
  );
}

function readActivity(record: JsonRecord): BillEntry {
  const period = datedPeriod(record.Date ?? record.date, "day");
  if (period === null) return { unread: "date is no date" };
  const number = (...names: string[]) =>
    names.map((name) => readAmount(record[name])).find((amount) => amount !== null) ?? null;
  const usage = number("Usage", "usage");
  if (usage === null) return { unread: "usage is no number" };
  return {
    period,
    lines: activityLines(firstString(record, ["Slug", "model_permaslug", "model"]), {
      usage,
      ownKeyUsage: number("BYOK Usage", "byok_usage_inference"),
      requests: number("Requests", "requests"),
      prompt: number("Prompt Tokens", "prompt_tokens"),
      completion: number("Completion Tokens", "completion_tokens"),
      apiKey: firstString(record, ["api_key_name", "API Key"]),
    }),
  };
}

function activityLines(
  written: string | null,
  figures: {
    usage: number;
    ownKeyUsage: number | null;
    requests: number | null;
    prompt: number | null;
    completion: number | null;
    apiKey: string | null;
  },
): BillLine[] {
  const base = {
    ...emptyBillLine,
    model: written === null ? null : billedModel(written, null),
    modelWritten: written,
    apiKey: figures.apiKey,
  };
  const ownKey: BillLine[] = figures.ownKeyUsage
    ? [
        {
          ...base,
          kind: "cost",
          amount: figures.ownKeyUsage,
          unit: "USD",
          item: "inference with own keys",
          isBilledElsewhere: true,
        },
      ]
    : [];
  return [
    { ...base, kind: "cost", amount: figures.usage, unit: "USD" },
    ...ownKey,
    ...tokenLines(base, { input_total: figures.prompt, output_total: figures.completion }),
    ...requestLines(base, figures.requests),
  ];
}
