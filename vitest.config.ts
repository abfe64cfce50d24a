import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: {
    alias: [
      { find: /^@signalbox\/runtime$/, replacement: sourceOf("index") },
      { find: /^@signalbox\/runtime\/fetch$/, replacement: sourceOf("fetch") },
    ],
  },
  test: {
    setupFiles: ["tests/support/fixed-seed.ts"],
    include: ["tests/**/*.test.ts", "runtime/test/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    reporters: ["default", "./tests/reporter.ts"],
  },
});

/** Tests run on the runtime's sources, not on its build. */
function sourceOf(entry: string): string {
  return fileURLToPath(new URL(`./runtime/src/${entry}.ts`, import.meta.url));
}
