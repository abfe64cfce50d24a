import type { DialReport } from "../../datasets/model-evidence.js";
import { type Block, note, type Section, type WhatIfPoint } from "../content.js";
import type { ReportDocuments } from "../documents.js";
import { formatShare, formatUsd } from "../format-numbers.js";
import { missingStage } from "./missing-stage.js";
import { tableBlock } from "./table-block.js";
import { whatIfFigures } from "./what-if-figures.js";

/** What another promise of quality, or other prices, would mean for cost and saving. */
export function whatIfSection({ model }: ReportDocuments): Section {
  return {
    id: "what-if",
    title: "What if",
    blocks: model?.dial
      ? blocksOf(model.dial)
      : [missingStage("There is no dial to turn yet.", "signalbox train --workspace DIR")],
  };
}

function blocksOf({ points, in_force }: DialReport): Block[] {
  const kept = points.flatMap(({ retention, strong_share, costs }) => {
    if (costs === undefined || !(costs.always_strong_usd > 0)) return [];
    const point: WhatIfPoint = {
      label: `${Number((100 * retention).toFixed(4))} %`,
      strongShare: strong_share.value,
      strongUsd: costs.strong_usd,
      candidatesUsd: costs.candidates_usd,
      alwaysStrongUsd: costs.always_strong_usd,
    };
    return [{ retention, point }];
  });
  if (kept.length === 0) {
    return [
      missingStage(
        "This model was trained before costs were kept per setting.",
        "signalbox train --workspace DIR",
      ),
    ];
  }
  const start = Math.max(
    0,
    kept.findIndex(({ retention }) => retention === in_force),
  );
  const whatIfPoints = kept.map(({ point }) => point);
  return [
    {
      kind: "paragraph",
      text: "Cost of 1,000 requests on the held-out rows when another quality is promised, or when prices change.",
    },
    { kind: "what-if", points: whatIfPoints, start, table: priceTable(whatIfPoints) },
    note(
      "Measured on rows that training didn't see, without an interval here; the dial's own table has it. Which calls are routed away is taken to stay as it is while prices move.",
    ),
  ];
}

const priceCases: ReadonlyArray<readonly [strong: number, candidates: number]> = [
  [1, 1],
  [0.5, 1],
  [1.5, 1],
  [1, 0.5],
  [1, 1.5],
];

function priceTable(points: readonly WhatIfPoint[]) {
  const rows = points.flatMap((point) =>
    priceCases.map(([strong, candidates]) => ({
      point,
      strong,
      candidates,
      ...whatIfFigures(point, strong, candidates),
    })),
  );
  const percent = (multiple: number) => `${Math.round(multiple * 100)} %`;
  return tableBlock({
    caption: "Cost and saving at other promises and prices",
    rows,
    columns: [
      { title: "Quality promised", isNumber: true, cell: ({ point }) => point.label },
      { title: "Strong model's price", isNumber: true, cell: ({ strong }) => percent(strong) },
      { title: "Other models' price", isNumber: true, cell: ({ candidates }) => percent(candidates) },
      { title: "Per 1,000 requests", isNumber: true, cell: ({ usd }) => formatUsd(usd * 1000) },
      {
        title: "Always strong",
        isNumber: true,
        cell: ({ alwaysStrongUsd }) => formatUsd(alwaysStrongUsd * 1000),
      },
      { title: "Saving", isNumber: true, cell: ({ saving }) => formatShare(saving) },
      { title: "To the strong model", isNumber: true, cell: ({ point }) => formatShare(point.strongShare) },
    ],
    notes: ["Prices are in per cent of today's."],
    limit: 60,
    isFolded: true,
  });
}
