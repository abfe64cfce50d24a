import yargs, { type Argv, type CommandModule } from "yargs";
import { commands } from "../commands/index.js";

/** A verb, or a verb of a group, as its help knows it. */
export interface VerbHelp {
  /** What is typed behind `signalbox`, such as ["cache", "pairs", "plan"]. */
  words: readonly string[];
  /** Command lines of the help's examples, with `signalbox` in front. */
  examples: readonly string[];
  /** Names of its options, without hyphens in front. */
  options: readonly string[];
  /** Whether it is what its group means when no verb is named; its help is the group's. */
  isDefault: boolean;
}

/** Every verb in the order of the journey, each group followed by the verbs in it; found by asking the builders, so that no list of
 * groups can fall behind. */
export function collectVerbs(): VerbHelp[] {
  return commands.flatMap((command) => verbsBelow([], command));
}

function verbsBelow(above: readonly string[], command: CommandModule): VerbHelp[] {
  const names = [command.command ?? []].flat();
  const words = [...above, names[0]!.split(" ")[0]!];
  const { examples, options, inner } = ask(command);
  return [
    { words, examples, options, isDefault: names.includes("$0") },
    ...inner.flatMap((other) => verbsBelow(words, other)),
  ];
}

/** What a verb's builder declares. */
function ask({ builder }: CommandModule): {
  examples: string[];
  options: string[];
  inner: CommandModule[];
} {
  const examples: string[] = [];
  const inner: CommandModule[] = [];
  const spy = yargs([]);
  const example = (line: string | ReadonlyArray<[string, string?]>): Argv => {
    const lines = typeof line === "string" ? [line] : line.map(([text]) => text);
    examples.push(...lines.map((text) => text.replaceAll("$0", "signalbox")));
    return spy;
  };
  const command = (found: CommandModule | CommandModule[]): Argv => {
    inner.push(...[found].flat());
    return spy;
  };
  Object.assign(spy, { example, command });
  if (typeof builder === "function") builder(spy);
  const { key } = (spy as unknown as { getOptions(): { key: Record<string, boolean> } }).getOptions();
  return { examples, options: Object.keys(key), inner };
}
