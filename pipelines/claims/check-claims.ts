import { CheckedFields } from "../../datasets/checked-fields.js";
import { InputError } from "../../datasets/errors.js";
import { readWrittenJson } from "../../datasets/read-written-json.js";
import { asArray } from "../../datasets/sources/json-access.js";
import { type CheckedClaim, checkClaim } from "../../models/claims/check-claim.js";
import { claimKinds } from "../../models/claims/claim-kinds.js";

/** What `claims check` says of a file. */
export interface ClaimsResult {
  schema_version: 1;
  holds: number;
  fails: number;
  claims: Array<{ id: string; statement: string; kind: string; source: string | null } & CheckedClaim>;
}

/** Recompute every claim of a file: a JSON list of {id, statement, kind, inputs, stated, tolerance?, source?}, see docs/claims.md.
 * @throws {InputError} if the file isn't such a list; the first mistake refuses all of it */
export function checkClaims(path: string): ClaimsResult {
  const list = asArray(readWrittenJson(path));
  if (list === null || list.length === 0)
    throw new InputError(
      `${path}: not a list of claims; give [{"id", "statement", "kind", "inputs", "stated"}]`,
    );
  const ids = new Set<string>();
  const claims = list.map((item, i) => {
    const fields = new CheckedFields(item, `${path}: claims[${i}]`);
    const id = fields.text("id");
    if (ids.has(id))
      throw new InputError(`${fields.where}.id is ${JSON.stringify(id)} again; ids are unique`);
    ids.add(id);
    const statement = fields.text("statement");
    const kind = fields.choice("kind", [...claimKinds.keys()]);
    const source = fields.optionalText("source");
    const checked = checkClaim(claimKinds.get(kind)!, fields);
    fields.end();
    return { id, statement, kind, source, ...checked };
  });
  const fails = claims.filter(({ verdict }) => verdict === "fails").length;
  return { schema_version: 1, holds: claims.length - fails, fails, claims };
}
