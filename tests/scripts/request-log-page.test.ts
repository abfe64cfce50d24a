import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { requestLog } from "../../datasets/request-log.js";
import { requestLogPage } from "../../scripts/docs/request-log-page.js";

test("docs/request-log.md is what the generator writes (npm run docs)", () => {
  expect(readFileSync("docs/request-log.md", "utf8")).toBe(requestLogPage());
});

test("every column of the request log has a line of its own", () => {
  const page = requestLogPage();
  for (const name of Object.keys(requestLog.columns)) expect(page).toContain(`\n| \`${name}\` | `);
});
