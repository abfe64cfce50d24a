import { asArray, asRecord, asString, firstString, type JsonRecord, parseEmbedded } from "./json-access.js";
import { mapRun } from "./langsmith/map-run.js";
import { LeafReader } from "./leaf-reader.js";
import type { Source } from "./source.js";

/** LangSmith runs: the bulk export's Parquet, or runs of the API and the SDK as JSON. Runs of type llm (and embedding) are
 * calls; chains carry the sums of their children. Costs are decimal text in USD, input counts hold the cache. */
export const langsmithSource: Source = {
  name: "langsmith",
  title: "LangSmith runs (bulk export, API)",
  score: scoreLine,
  explode: explodeLine,
  map: mapRun,
  open: () => new LeafReader({ map: mapRun, place: placeOf }),
};

const RUN_TYPES = /^(llm|chain|tool|retriever|embedding|prompt|parser)$/;

function scoreLine(line: unknown): number {
  const record = asRecord(explodeLine(line)[0]);
  if (record === null || !RUN_TYPES.test(asString(record.run_type) ?? "") || !("start_time" in record))
    return 0;
  const marks = [
    "dotted_order",
    "trace_id",
    "parent_run_id",
    "parent_run_ids",
    "session_id",
    "outputs",
    "extra",
  ];
  const found = marks.filter((name) => name in record).length;
  return found >= 2 ? 1 : found === 1 ? 0.6 : 0;
}

/** A page of runs, or a run with its children inside. */
function explodeLine(line: unknown): unknown[] {
  const record = asRecord(line);
  if (record === null) return [line];
  if (!("run_type" in record)) {
    const page = asArray(record.runs);
    return page?.some((run) => "run_type" in (asRecord(run) ?? {}))
      ? page.flatMap((run) => explodeLine(run))
      : [line];
  }
  return withChildren(record, 0);
}

function withChildren(run: JsonRecord, depth: number): unknown[] {
  const children = asArray(parseEmbedded(run.child_runs)) ?? [];
  if (children.length === 0 || depth > 50) return [run];
  const { child_runs: _, ...own } = run;
  return [
    own,
    ...children.flatMap((child) =>
      asRecord(child) === null ? [child] : withChildren(asRecord(child)!, depth + 1),
    ),
  ];
}

/** The last part but one of `dotted_order` names the parent; newer exports list all of them. */
function placeOf(value: unknown): { id: string; parentId: string | null } | null {
  const record = asRecord(value);
  const id = firstString(record, ["id", "run_id"]);
  if (id === null) return null;
  const listed = asArray(parseEmbedded(record?.parent_run_ids));
  const dotted = asString(record?.dotted_order)?.split(".").at(-2)?.split("Z")[1];
  const parentId = firstString(record, ["parent_run_id"]) ?? dotted ?? asString(listed?.at(-1));
  return { id, parentId };
}
