import { defineConfig } from "vitest/config";
import base from "./vitest.config.ts";
const iso = process.env.CPU_ISO === "1";
export default defineConfig({ ...base, test: { ...base.test, projects: undefined, isolate: iso, exclude: ["**/node_modules/**", ...(process.env.ALL ? [] : ["tests/{models,datasets}/**/*.test.ts", "runtime/test/**/*.test.ts"])], include: ["tests/**/*.test.ts", "runtime/test/**/*.test.ts"], setupFiles: ["tests/support/fixed-seed.ts", "/tmp/testspeed/cpu-setup.ts"] } });
