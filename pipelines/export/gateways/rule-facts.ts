import type { PolicyRule } from "@signalbox/runtime";

/** Facts that a rule asks for and that a caller can send with a request: all of them must hold, each by any of its values. */
export interface RuleFacts {
  facts: Array<{ name: string; values: string[] }>;
  /** Conditions on the request's content, by name. */
  content: string[];
}

/** Divide a rule's conditions into facts (`app`, `endpoint`, `tag`, and those of `meta` under their own names) and content. */
export function ruleFacts({ app, endpoint, tag, meta, ...content }: PolicyRule["when"]): RuleFacts {
  const asked = Object.entries({ app, endpoint, tag, ...meta }).filter(([, value]) => value !== undefined);
  return {
    facts: asked.map(([name, value]) => ({ name, values: Array.isArray(value) ? value : [value!] })),
    content: Object.entries(content).flatMap(([name, value]) => (value === undefined ? [] : [name])),
  };
}

/** What becomes of the requests of a rule that is left out. */
export const laterRulesApply = "its requests go to a later rule or the default model";
