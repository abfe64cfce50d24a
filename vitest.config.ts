import { fileURLToPath } from "node:url";
import { configDefaults, defineConfig } from "vitest/config";

/** Tests that replace a module, which has to be theirs alone. */
const replacing = ["tests/models/cache/exact-search-fallback.test.ts", "tests/scripts/examples.test.ts"];

export default defineConfig({
  resolve: {
    alias: [
      { find: /^@signalbox\/runtime$/, replacement: sourceOf("index") },
      { find: /^@signalbox\/runtime\/fetch$/, replacement: sourceOf("fetch") },
    ],
  },
  test: {
    setupFiles: ["tests/support/fixed-seed.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    reporters: ["default", "./tests/reporter.ts"],
    // All others share a module graph per worker: importing the same files for each took as long as a fifth of the tests. So a test puts
    // back what it changes in the process (folder, environment, globals), and no module keeps what another test could stumble over.
    projects: [
      {
        extends: true,
        test: {
          name: "shared",
          isolate: false,
          include: ["{tests,runtime/test}/**/*.test.ts"],
          exclude: [...configDefaults.exclude, ...replacing],
        },
      },
      { extends: true, test: { name: "replacing", include: replacing } },
    ],
  },
});

/** Tests run on the runtime's sources, not on its build. */
function sourceOf(entry: string): string {
  return fileURLToPath(new URL(`./runtime/src/${entry}.ts`, import.meta.url));
}
