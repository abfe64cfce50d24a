import { fileURLToPath } from "node:url";
import { configDefaults, defineConfig } from "vitest/config";

/** Tests that share one module graph: they keep nothing in their modules, and importing the same files for each takes as long as they do. */
const pure = ["tests/{models,datasets}/**/*.test.ts", "runtime/test/**/*.test.ts"];
/** Tests that replace a module. */
const replacing = ["tests/models/cache/exact-search-fallback.test.ts"];

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
    projects: [
      {
        extends: true,
        test: {
          name: "isolated",
          include: ["tests/**/*.test.ts"],
          exclude: [...configDefaults.exclude, ...pure],
        },
      },
      {
        extends: true,
        test: { name: "replacing", include: replacing },
      },
      {
        extends: true,
        test: {
          name: "pure",
          isolate: false,
          include: pure,
          exclude: [...configDefaults.exclude, ...replacing],
        },
      },
    ],
  },
});

/** Tests run on the runtime's sources, not on its build. */
function sourceOf(entry: string): string {
  return fileURLToPath(new URL(`./runtime/src/${entry}.ts`, import.meta.url));
}
