// Runs a TypeScript module in a process of its own, through the Vite that vitest brings: node run-typescript.mjs FILE [ARGUMENT...]
// The module finds its arguments in process.argv from index 2 on. Exit code 1 and the error's message on stderr if it throws.
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const [file, ...rest] = process.argv.slice(2);
process.argv = [process.argv[0], file, ...rest];
try {
  await runnerImport(file, {
    configFile: false,
    logLevel: "error",
    resolve: {
      alias: { "@signalbox/runtime": fileURLToPath(new URL("../../runtime/src/index.ts", import.meta.url)) },
    },
  });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
