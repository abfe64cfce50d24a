import type { Engine } from "../../../datasets/engine/engine.js";
import { suspicionPattern } from "../../../datasets/privacy/suspicion-pattern.js";

/** Define what the bulk queries share. */
export async function defineBulkMacros(engine: Engine): Promise<void> {
  for (const [signature, body] of Object.entries(macros))
    await engine.run(`CREATE OR REPLACE TEMP MACRO ${signature} AS ${body}`);
}

/** Blanks as JavaScript's \s knows them are some ASCII characters and some beyond it: all of those will do. */
const oddText = "^[\\t-\\r \\x{80}-\\x{10FFFF}]*\\[|;base64,|[\\x00-\\x08\\x0b\\x0e-\\x1f]";
const isoTime =
  "\\d{4}-\\d{2}-\\d{2}[T ]([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?(Z|[+-](0\\d|1[0-4]):[0-5]\\d)?";
const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

const macros: Readonly<Record<string, string>> = {
  // Finite and not negative, or unknown.
  "bulk_is_quantity(x)": "x IS NULL OR (x >= 0 AND isfinite(x))",
  // A count that no check of validate-draft refuses, or unknown.
  "bulk_is_count(x)": "x IS NULL OR (x >= 0 AND x <= 1000000000 AND x = floor(x))",
  "bulk_is_odd_text(t)": `regexp_matches(t, ${quoted(oddText)})`,
  "bulk_is_suspicious(t)": `regexp_matches(t, ${quoted(suspicionPattern)})`,
  // datasets/sources/read-time.ts, for ISO 8601 with a time of day and for numbers up to microseconds.
  "bulk_time(t)": `CASE
    WHEN regexp_full_match(t, '[0-9]{1,15}') THEN make_timestamp(CAST(t AS BIGINT) * CASE
      WHEN CAST(t AS BIGINT) < 100000000000 THEN 1000000
      WHEN CAST(t AS BIGINT) < 100000000000000 THEN 1000
      ELSE 1
    END)
    WHEN regexp_full_match(t, ${quoted(isoTime)}) THEN CAST(TRY_CAST(t AS TIMESTAMPTZ) AS TIMESTAMP)
  END`,
  // saltedHash of datasets/workspace.ts.
  "bulk_hash(t)": "left(sha256(getvariable('salt') || chr(0) || t), 24)",
  // UTF-16 units, as JavaScript's length: those beyond the basic plane, four bytes each in UTF-8, count twice.
  "bulk_chars(t)": `length(t) + CASE
    WHEN strlen(t) - length(t) >= 3 AND regexp_matches(t, '[\\x{10000}-\\x{10FFFF}]')
    THEN length(regexp_replace(t, '[^\\x{10000}-\\x{10FFFF}]', '', 'g'))
    ELSE 0
  END`,
  "bulk_json_text(t)": "coalesce(CAST(to_json(t) AS VARCHAR), 'null')",
  "bulk_json_count(x)": "coalesce(CAST(CAST(x AS BIGINT) AS VARCHAR), 'null')",
  // Tokens of a kind at a rate; NULL when there are some and there is no rate.
  "bulk_charge(tokens, rate)": "CASE WHEN tokens = 0 THEN 0 ELSE tokens * rate END",
};
