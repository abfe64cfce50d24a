import { anthropicCostsApi, anthropicCostsCsv } from "./anthropic-costs.js";
import { anthropicUsageApi, anthropicUsageCsv } from "./anthropic-usage.js";
import { deepseekAmounts, deepseekCosts } from "./deepseek.js";
import type { InvoiceReader } from "./invoice-reader.js";
import { openaiCostsApi, openaiCostsCsv } from "./openai-costs.js";
import { openaiUsage } from "./openai-usage.js";
import { openrouterDaily, openrouterRequests } from "./openrouter.js";

/** Every format of bill. The usage readers stand before the cost readers: a page without results is taken for costs. */
export const invoiceReaders: readonly InvoiceReader[] = [
  openaiUsage,
  openaiCostsApi,
  openaiCostsCsv,
  anthropicUsageCsv,
  anthropicUsageApi,
  anthropicCostsCsv,
  anthropicCostsApi,
  openrouterDaily,
  openrouterRequests,
  deepseekAmounts,
  deepseekCosts,
];
