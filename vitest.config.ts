import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: {
    alias: { "@signalbox/runtime": fileURLToPath(new URL("./runtime/src/index.ts", import.meta.url)) },
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
