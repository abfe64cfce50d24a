import type { Content } from "./content.js";
import type { ReportDocuments } from "./documents.js";
import { formatDay } from "./format-numbers.js";
import { appendixSection } from "./page/appendix.js";
import { cacheSection } from "./page/cache.js";
import { cascadeSection } from "./page/cascade.js";
import { dataQualitySection } from "./page/data-quality.js";
import { inShortSection } from "./page/in-short.js";
import { modelSection } from "./page/model.js";
import { routingSection } from "./page/routing.js";
import { shadowSection } from "./page/shadow.js";
import { spendSection } from "./page/spend.js";
import { summarySection } from "./page/summary.js";
import { tokensSection } from "./page/tokens.js";
import { wasteSection } from "./page/waste.js";
import { whatIfSection } from "./page/what-if.js";

/** Lay the result documents out as a report. Nothing is estimated here: every number is a document's own, or a share or
 * sum of numbers shown beside it. */
export function reportContent(documents: ReportDocuments, generatedAt: string): Content {
  const { audit } = documents;
  return {
    title: "LLM cost and routing report",
    subtitle: audit?.from
      ? `Calls from ${formatDay(audit.from)} to ${formatDay(audit.to)}`
      : "No calls have been audited yet",
    generatedAt,
    sections: [
      inShortSection,
      summarySection,
      dataQualitySection,
      spendSection,
      tokensSection,
      wasteSection,
      routingSection,
      whatIfSection,
      cascadeSection,
      modelSection,
      cacheSection,
      shadowSection,
      appendixSection,
    ].map((section) => section(documents)),
  };
}
