import type { CommandModule } from "yargs";
import { journey, type OverviewLine } from "./commands/index.js";

/** What stands for the overview in the usage text that the parser is given: its layout would drop the blanks at the start of lines. */
export const overviewPlace = "{overview}";

/** A help text as the parser lays it out, with the overview in its place: every verb on one screen, by what it is for. */
export function withOverview(help: string): string {
  return help.includes(overviewPlace) ? help.replace(overviewPlace, overview()) : help;
}

function overview(): string {
  const rows = journey.flatMap(({ title, lines }) =>
    lines.map((line, i) => [i === 0 ? title : "", namesOf(line), aboutOf(line)] as const),
  );
  const width = (column: 0 | 1) => Math.max(...rows.map((row) => row[column].length)) + 2;
  return rows
    .map(([title, names, about]) => `${title.padEnd(width(0))}${names.padEnd(width(1))}${about}`)
    .join("\n");
}

/** The verb alone, without its positionals. */
export function verbName({ command }: CommandModule): string {
  return String([command].flat()[0]).split(" ")[0]!;
}

function namesOf({ verbs }: OverviewLine): string {
  return verbs.map(verbName).join(", ");
}

function aboutOf({ verbs, about }: OverviewLine): string {
  return about ?? String(verbs[0]!.describe);
}
