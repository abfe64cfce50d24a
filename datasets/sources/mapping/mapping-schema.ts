import { TokenConvention } from "./mapping.js";
import { type FieldKind, mappingFields, mappingUnits } from "./mapping-fields.js";

/** The JSON Schema (draft 2020-12) of a mapping file, for editors; mapping.schema.json is this, written by `npm run docs`.
 * What a schema can't say (paths, zones, regular expressions) is checked by checkMapping alone. */
export function mappingSchemaText(): string {
  const lines = JSON.stringify(mappingSchema(), null, 2);
  // Lists of words on one line where they fit, as the formatter wants them.
  return `${lines.replace(
    /^( *(?:"[^"]+": )?)\[\n([^[\]{}]*?)\n *\](,?)$/gm,
    (broken, start: string, items: string, end: string) => {
      const joined = `${start}[${items.trim().replace(/\n\s*/g, " ")}]${end}`;
      return joined.length <= 110 ? joined : broken;
    },
  )}\n`;
}

function mappingSchema(): object {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Signalbox mapping file",
    description: "How to read a log that has no source of its own; see docs/mapping-files.md",
    type: "object",
    additionalProperties: false,
    required: ["name", "fields"],
    properties: {
      $schema: { type: "string" },
      name: {
        type: "string",
        pattern: "^[a-z0-9][a-z0-9._-]{0,59}$",
        description: "Stands in the source column",
      },
      about: { type: "string" },
      explode: { ...path, description: "Path of the array that holds the records" },
      parse_json: { type: "array", items: path, description: "Paths whose texts are JSON" },
      where: {
        type: "object",
        additionalProperties: ref("condition"),
        description: "What a record must be like to be a call of a language model: condition by path",
      },
      time_zone: {
        type: "string",
        default: "UTC",
        description: "Zone of times that name none: IANA name or offset",
      },
      decimal: { enum: [".", ","], default: "." },
      null_values: { type: "array", items: { type: "string" }, description: "Texts that mean no value" },
      tokens: {
        type: "object",
        additionalProperties: false,
        properties: {
          cache: {
            ...convention,
            description: "Whether input_tokens includes what the prompt cache read and wrote",
          },
          reasoning: { ...convention, description: "Whether output_tokens includes the reasoning" },
        },
      },
      fields: {
        type: "object",
        additionalProperties: false,
        required: ["created_at"],
        anyOf: ["model", "model_served", "model_requested", "request", "response"].map((name) => ({
          required: [name],
        })),
        properties: Object.fromEntries(
          Object.entries(mappingFields).map(([name, { kind, about }]) => [
            name,
            { description: about, $ref: `#/$defs/${kind}` },
          ]),
        ),
      },
    },
    $defs: {
      path: {
        type: "string",
        minLength: 1,
        description: "Such as usage.input, turns[-1].text or items[*].cost",
      },
      paths: { anyOf: [path, { type: "array", minItems: 1, items: path }] },
      map: { type: "object", additionalProperties: ref("constant") },
      constant: { type: ["string", "number", "boolean", "null"] },
      condition: {
        anyOf: [
          ref("constant"),
          { type: "array", items: ref("constant") },
          {
            type: "object",
            additionalProperties: false,
            properties: {
              exists: { type: "boolean" },
              not: {
                anyOf: [ref("constant"), { type: "array", items: ref("constant") }],
              },
              match: { type: "string", format: "regex" },
            },
          },
        ],
      },
      ...Object.fromEntries(fieldKinds.map((kind) => [kind, entrySchema(kind)])),
    },
  };
}

const ref = (name: string) => ({ $ref: `#/$defs/${name}` });
const path = ref("path");
const fieldKinds = [...new Set(Object.values(mappingFields).map(({ kind }) => kind))];
const convention = {
  anyOf: [{ enum: Object.keys(TokenConvention) }, { type: "object", ...ruleProperties("text") }],
};

function entrySchema(kind: FieldKind): object {
  return {
    anyOf: [ref("paths"), { type: "object", ...ruleProperties(kind) }],
  };
}

function ruleProperties(kind: FieldKind): object {
  const units: Record<string, string> | undefined = mappingUnits[kind as keyof typeof mappingUnits];
  const isNumber = ["count", "number", "duration", "money"].includes(kind);
  return {
    additionalProperties: false,
    oneOf: ["path", "join", ...(kind === "json" ? [] : ["value"])].map((key) => ({ required: [key] })),
    properties: {
      path: ref("paths"),
      join: {
        type: "array",
        minItems: 1,
        items: path,
        description: "Paths whose values are joined by a blank",
      },
      ...(kind === "json" ? {} : { value: ref("constant") }),
      match: { type: "string", format: "regex", description: "Its first group is the value" },
      map: { ...ref("map"), description: 'Other words for values; "*" is every word not listed' },
      ...(units === undefined ? {} : { unit: unitSchema(units) }),
      ...(isNumber ? { factor: { type: "number", exclusiveMinimum: 0 } } : {}),
      ...(kind === "time"
        ? { since: { type: "string", description: "Moment that the numbers count from" } }
        : {}),
    },
  };
}

function unitSchema(units: Record<string, string>): object {
  return {
    default: Object.keys(units)[0],
    oneOf: Object.entries(units).map(([unit, about]) => ({ const: unit, description: about })),
  };
}
