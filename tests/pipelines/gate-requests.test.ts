import { expect, test } from "vitest";
import { readSql } from "../../datasets/engine/sql-file.js";
import { outcomeItems } from "../../datasets/outcomes.js";
import { requestLog } from "../../datasets/request-log.js";
import { createTableSql, emptyRow } from "../../datasets/table.js";
import { memoryEngine } from "../support/memory-engine.js";
import { requestRow } from "../support/request-row.js";

const logged = (request_id: string, fields: Partial<Parameters<typeof requestRow>[0]> = {}) =>
  requestRow({
    request_id,
    endpoint: "chat",
    content_state: "full",
    user_text: `text of ${request_id}`,
    ...fields,
  });

test("the gate takes answered requests of sessions that nothing was labelled of, the last attempt of each", async () => {
  const engine = await memoryEngine(requestLog, [
    logged("fresh", { session_id: "other", n_tools: 2 }),
    logged("alone"),
    logged("labelled"),
    logged("same-session", { session_id: "s" }),
    logged("failed", { status: "error" }),
    logged("no-text", { user_text: " " }),
    logged("no-content", { content_state: "none" }),
    logged("vector", { endpoint: "embeddings" }),
    logged("first-attempt", { logical_id: "retried" }),
    logged("last-attempt", { logical_id: "retried", attempt_no: 2 }),
  ]);
  await engine.run(createTableSql(outcomeItems));
  await engine.append(outcomeItems.name, outcomeItems, [
    { ...emptyRow(outcomeItems), item_id: "labelled", messages_json: "{}", weight: 1 },
    { ...emptyRow(outcomeItems), item_id: "elsewhere", messages_json: "{}", weight: 1, session_id: "s" },
  ]);
  const sql = readSql("pipelines/export/gate-requests.sql");
  const taken = (seed: string, limit: number) =>
    engine.rows<{ user_text: string; session: string; n_tools: number | null }>(sql, { seed, limit });
  const rows = await taken("1", 10);
  expect(rows.map(({ user_text }) => user_text).sort()).toEqual([
    "text of alone",
    "text of fresh",
    "text of last-attempt",
  ]);
  expect(rows.find(({ session }) => session === "other")).toMatchObject({ n_tools: 2 });
  expect(await taken("1", 10)).toEqual(rows);
  expect(await taken("1", 2)).toEqual(rows.slice(0, 2));
  engine.close();
});
