import yargs, { type CommandModule } from "yargs";
import { serveCommand } from "../../scripts/commands/serve.js";

/** The verb alone: a process that loads the whole CLI takes many times as long to start. */
await yargs(process.argv.slice(2))
  .command(serveCommand as unknown as CommandModule)
  .parseAsync();
