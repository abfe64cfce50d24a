import { asText } from "../../json-access.js";
import type { FieldRule, Mapping } from "../mapping.js";
import type { MappingFieldName } from "../mapping-fields.js";
import { type Assignment, assignFields, type Candidate } from "./assign-fields.js";
import { type Column, pathText } from "./collect-columns.js";
import { findClock } from "./find-clock.js";
import { type FoundRecords, findRecords } from "./find-records.js";
import { isRelativeTime } from "./judge-time.js";
import { missingFields } from "./missing-fields.js";
import { neededJson } from "./needed-json.js";
import { proposeTokens } from "./propose-tokens.js";
import { proposeWhere } from "./propose-where.js";
import { settleUnits } from "./settle-units.js";
import { type MappingTrial, tryMapping } from "./try-mapping.js";

/** One field of a proposed mapping, and why. */
export interface InferredField {
  field: MappingFieldName;
  path: string;
  unit: string | null;
  /** 0 to 1: how well name and values fit. */
  confidence: number;
  reason: string;
  alternatives: Array<{ path: string; confidence: number; reason: string }>;
}

/** Something that the sample can't tell, and that somebody has to choose. */
export interface OpenChoice {
  key: string;
  /** What the proposal says until then. */
  proposed: string;
  options: string[];
  why: string;
}

/** A proposed mapping file, and how it came about. */
export interface Inference {
  mapping: Mapping;
  fields: InferredField[];
  choices: OpenChoice[];
  missing: Array<{ field: string; consequence: string }>;
  /** What the proposal makes of the sampled lines. */
  sample: MappingTrial;
}

/** Propose a mapping file from the first lines of a log: names by their words, types and units by what the values can be,
 * conventions by totals. What the sample can't tell is listed as a choice; the proposal always loads and runs.
 * @param lines parsed lines
 * @param name for the mapping: small letters, digits, dots, hyphens and underscores */
export function inferMapping(lines: readonly unknown[], name: string): Inference {
  const found = findRecords(lines);
  const named = assignFields(found.columns, found.decimal);
  const date = named.find(({ field }) => field === "created_at")?.candidate.column;
  const clock = findClock(found.columns, date);
  const columns = found.columns.filter((column) => column !== clock);
  const assignments = settleUnits(clock === null ? named : assignFields(columns, found.decimal));
  const choices = assignments.flatMap(choicesOf);
  const time = timeRule(found, assignments, choices);
  const tokens = proposeTokens(assignments, choices);
  const json = neededJson(found.columns, assignments);
  const where = proposeWhere(found.columns, assignments);
  const mapping: Mapping = {
    name,
    about: "",
    ...(found.explode === null ? {} : { explode: pathText({ root: "$", names: found.explode }) }),
    ...(json.length === 0 ? {} : { parse_json: json }),
    ...(where === null ? {} : { where }),
    ...(found.decimal === "," ? { decimal: "," as const } : {}),
    ...(found.nullValues.length === 0 ? {} : { null_values: found.nullValues }),
    ...(tokens === null ? {} : { tokens }),
    fields: {
      ...time,
      ...Object.fromEntries(
        assignments
          .filter((assignment) => !isLeftOut(assignment))
          .map(({ field, candidate }) => [
            field,
            field === "created_at" ? withClock(ruleOf(field, candidate), clock) : ruleOf(field, candidate),
          ]),
      ),
      ...modelRule(assignments, choices),
    },
  };
  const open = choices.map(({ key }) => key).join(", ");
  const about = `Proposed by signalbox sources infer${open === "" ? "" : `; to be chosen: ${open}`}.`;
  return {
    mapping: { ...mapping, about },
    fields: assignments
      .map(describe)
      .map((field) => (field.field === "created_at" ? besideClock(field, clock) : field)),
    choices,
    missing: missingFields(mapping),
    sample: tryMapping(mapping, lines),
  };
}

function describe({ field, candidate, alternatives }: Assignment): InferredField {
  return {
    field,
    path: pathText(candidate.column),
    unit: candidate.verdict.unit ?? null,
    confidence: confidenceOf(candidate),
    reason: reasonOf(candidate),
    alternatives: alternatives.map((other) => ({
      path: pathText(other.column),
      confidence: confidenceOf(other),
      reason: reasonOf(other),
    })),
  };
}

function confidenceOf({ score }: Candidate): number {
  return Number(Math.max(0, Math.min(1, score)).toFixed(2));
}

function reasonOf({ nameReason, verdict }: Candidate): string {
  return `${nameReason}; ${verdict.why}`;
}

/** A duration or an amount of an unknown unit would be wrong by a thousand: better none, until somebody chooses. */
function isLeftOut({ field, candidate }: Assignment): boolean {
  return candidate.verdict.choices !== undefined && field !== "created_at";
}

/** Units without a word in a mapping file. */
const defaultUnits = new Set(["iso", "usd"]);

function ruleOf(field: MappingFieldName, { column, verdict: { unit } }: Candidate): string | FieldRule {
  const path = pathText(column);
  const isDefault = unit === undefined || defaultUnits.has(unit) || (unit === "ms" && /_ms$/.test(field));
  return isDefault ? path : { path, unit };
}

function withClock(rule: string | FieldRule, clock: Column | null): string | FieldRule {
  if (clock === null) return rule;
  const { path, ...rest } = typeof rule === "string" ? { path: rule } : rule;
  return { join: [path as string, pathText(clock)], ...rest };
}

function besideClock(field: InferredField, clock: Column | null): InferredField {
  return clock === null ? field : { ...field, path: `${field.path} + ${pathText(clock)}` };
}

function choicesOf(assignment: Assignment): OpenChoice[] {
  const { field, candidate, alternatives } = assignment;
  const { choices: units, unit, why } = candidate.verdict;
  const rival = alternatives.find(
    (other) => other.score > 0.97 * candidate.score && differs(other.column, candidate.column),
  );
  const paths = rival && [pathText(candidate.column), pathText(rival.column)];
  return [
    ...(units === undefined
      ? []
      : [
          {
            key: `fields.${field}.unit`,
            proposed: isLeftOut(assignment) ? `none: ${field} is left out until then` : unit!,
            options: units,
            why: `${pathText(candidate.column)}: ${why}`,
          },
        ]),
    ...(paths === undefined
      ? []
      : [
          {
            key: `fields.${field}`,
            proposed: paths[0]!,
            options: paths,
            why: "both fit equally well, and hold different values",
          },
        ]),
  ];
}

function differs(a: Column, b: Column): boolean {
  return a.values.some((value, i) => JSON.stringify(value) !== JSON.stringify(b.values[i]));
}

/** The time is there, or counts from a moment that nobody wrote down, or is missing altogether. */
function timeRule(
  found: FoundRecords,
  assignments: readonly Assignment[],
  choices: OpenChoice[],
): Mapping["fields"] {
  const time = assignments.find(({ field }) => field === "created_at");
  if (time !== undefined) {
    const isNaive =
      ["iso", "dmy", "mdy"].includes(time.candidate.verdict.unit ?? "") &&
      time.candidate.column.present.some(
        (value) => !/(Z|UTC|GMT|[+-]\d\d:?\d\d)\]?$/i.test(asText(value).trim()),
      );
    if (isNaive)
      choices.push({
        key: "time_zone",
        proposed: "UTC",
        options: ["UTC", "the zone of the log"],
        why: "the times name no zone",
      });
    return {};
  }
  const used = new Set(assignments.map(({ candidate }) => candidate.column.names.join("\0")));
  const relative = found.columns.find(
    ({ names, present }) =>
      /time|stamp|^ts$|offset|arriv/i.test(names.at(-1)!) &&
      !used.has(names.join("\0")) &&
      isRelativeTime(present),
  );
  const since = "2000-01-01T00:00:00Z";
  if (relative === undefined) {
    choices.push({
      key: "fields.created_at",
      proposed: "time",
      options: ["the path of the time"],
      why: "no column holds a time; without one every record is quarantined",
    });
    return { created_at: "time" };
  }
  choices.push(
    {
      key: "fields.created_at.since",
      proposed: since,
      options: ["the moment that the log begins"],
      why: "the times count from a moment that the log doesn't name",
    },
    {
      key: "fields.created_at.unit",
      proposed: "ms",
      options: ["s", "ms", "us", "ns"],
      why: `the times run from ${asText(relative.present[0])} to ${asText(relative.present.at(-1))} in the sample`,
    },
  );
  return { created_at: { path: pathText(relative), unit: "ms", since } };
}

function modelRule(assignments: readonly Assignment[], choices: OpenChoice[]): Mapping["fields"] {
  if (
    assignments.some(({ field }) =>
      ["model", "model_served", "model_requested", "request", "response"].includes(field),
    )
  )
    return {};
  choices.push({
    key: "fields.model.value",
    proposed: "name-the-model",
    options: ["the model that served this traffic"],
    why: "no column names a model; the placeholder has no price",
  });
  return { model: { value: "name-the-model" } };
}
