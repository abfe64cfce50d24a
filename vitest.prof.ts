import { defineConfig } from "vitest/config";
import base from "./vitest.config.ts";
export default defineConfig({ ...base, test: { ...base.test, projects: undefined, isolate: false, maxWorkers: 1, include: ["tests/**/*.test.ts"], execArgv: ["--cpu-prof", "--cpu-prof-dir=/tmp/testspeed/prof"], setupFiles: ["tests/support/fixed-seed.ts"] } });
