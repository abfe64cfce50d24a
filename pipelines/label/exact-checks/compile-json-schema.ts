import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";

/** A JSON schema that answers can be held against. */
export interface AnswerSchema {
  /** The schema as it was given, for the request to the candidate. */
  schema: Record<string, unknown>;
  /** Whether a text is JSON, and nothing else, that conforms. */
  conforms: (text: string) => boolean;
}

/** Compile a JSON schema: draft 2019-09 or 2020-12 where it says so, else draft-07. Formats are not checked, nor are unknown words.
 * @throws {Error} if it is no schema */
export function compileJsonSchema(schema: Record<string, unknown>): AnswerSchema {
  const isModern = /20(19-09|20-12)/.test(String(schema.$schema ?? ""));
  const options = { strict: false, validateFormats: false, logger: false } as const;
  const validate = (isModern ? new Ajv2020(options) : new Ajv(options)).compile(schema);
  return {
    schema,
    conforms: (text) => {
      try {
        return validate(JSON.parse(text)) === true;
      } catch {
        return false;
      }
    },
  };
}
