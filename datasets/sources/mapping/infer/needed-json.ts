import { mappingFields } from "../mapping-fields.js";
import type { Assignment } from "./assign-fields.js";
import { type Column, pathText } from "./collect-columns.js";

/** The paths whose texts have to be parsed, so that the assigned columns can be reached. */
export function neededJson(columns: readonly Column[], assignments: readonly Assignment[]): string[] {
  const texts = columns.filter(({ isJsonText }) => isJsonText);
  const needed = texts.filter((text) =>
    assignments.some(({ field, candidate: { column } }) => {
      const isInside = column.root === text.root && text.names.every((name, i) => name === column.names[i]);
      const isItself = column.names.length === text.names.length;
      return isInside && !(isItself && mappingFields[field].kind === "json");
    }),
  );
  return needed.sort((a, b) => a.names.length - b.names.length).map(pathText);
}
