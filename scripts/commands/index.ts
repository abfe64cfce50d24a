import type { CommandModule } from "yargs";

/** Every verb, in the order of the journey. */
export const commands: ReadonlyArray<CommandModule> = [];
