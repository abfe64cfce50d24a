import type { Paragraph } from "../content.js";

/** What a section says while the stage that it shows has not run. */
export function missingStage(what: string, command: string): Paragraph {
  return { kind: "paragraph", text: [`${what} To get it, run: `, { code: command }] };
}
