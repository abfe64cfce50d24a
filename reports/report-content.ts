import type { Content, Section } from "./content.js";
import type { ReportDocuments } from "./documents.js";
import { foldSection } from "./fold-section.js";
import { formatDay } from "./format-numbers.js";
import { actionsSection } from "./page/actions.js";
import { appendixSection } from "./page/appendix.js";
import { cacheSection } from "./page/cache.js";
import { cascadeSection } from "./page/cascade.js";
import { dataQualitySection } from "./page/data-quality.js";
import { driftSection } from "./page/drift.js";
import { fairnessSection } from "./page/fairness.js";
import { forecastSection } from "./page/forecast.js";
import { inShortSection } from "./page/in-short.js";
import { misroutesSection } from "./page/misroutes.js";
import { modelSection } from "./page/model.js";
import { opeSection } from "./page/ope.js";
import { pricingSection } from "./page/pricing.js";
import { reliabilitySection } from "./page/reliability.js";
import { routingSection } from "./page/routing.js";
import { sensitivitySection } from "./page/sensitivity.js";
import { shadowSection } from "./page/shadow.js";
import { spendSection } from "./page/spend.js";
import { summarySection } from "./page/summary.js";
import { tokensSection } from "./page/tokens.js";
import { trafficFrontierSection } from "./page/traffic-frontier.js";
import { wasteSection } from "./page/waste.js";
import { waterfallSection } from "./page/waterfall.js";
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
    sections: parts.flatMap(({ part, sections }) =>
      sections.flatMap((section) => {
        const made = section(documents);
        return made ? [foldSection({ ...made, part })] : [];
      }),
    ),
  };
}

/** A section, or null where nobody misses it while its stage has not run. */
type SectionOf = (documents: ReportDocuments) => Section | null;

/** The parts of the report, from the answer to what it rests on. */
const parts: ReadonlyArray<{ part: string; sections: readonly SectionOf[] }> = [
  { part: "In short", sections: [inShortSection, summarySection] },
  { part: "What was spent", sections: [dataQualitySection, spendSection, tokensSection] },
  {
    part: "What could be saved",
    sections: [
      wasteSection,
      misroutesSection,
      routingSection,
      trafficFrontierSection,
      whatIfSection,
      waterfallSection,
      cascadeSection,
      cacheSection,
      pricingSection,
    ],
  },
  {
    part: "How sure",
    sections: [
      sensitivitySection,
      modelSection,
      fairnessSection,
      reliabilitySection,
      driftSection,
      shadowSection,
      opeSection,
    ],
  },
  { part: "What to do", sections: [forecastSection, actionsSection] },
  { part: "Appendix", sections: [appendixSection] },
];
