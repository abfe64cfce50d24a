import type { Section } from "./content.js";

/** Neighbouring sections of one part, in order; a section without a part is a group of its own. */
export function groupByPart(
  sections: readonly Section[],
): Array<{ part: string | null; sections: Section[] }> {
  const groups: Array<{ part: string | null; sections: Section[] }> = [];
  for (const section of sections) {
    const last = groups.at(-1);
    if (last && section.part !== undefined && last.part === section.part) last.sections.push(section);
    else groups.push({ part: section.part ?? null, sections: [section] });
  }
  return groups;
}
