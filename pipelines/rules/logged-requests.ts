import type { Engine } from "../../datasets/engine/engine.js";
import { readSql } from "../../datasets/engine/sql-file.js";
import type { RuleRequest } from "./rule-request.js";

/** A row of logged-requests.sql. */
interface LoggedRow {
  request_id: string;
  app: string | null;
  endpoint: string | null;
  tenant: string | null;
  content_state: string;
  user_text: string | null;
  context_chars: number;
  n_tools: number | null;
  n_images: number | null;
  has_json_schema: boolean | null;
  max_tokens: number | null;
  usd: number | null;
}

/** Requests of a log, as far as rules can be asked about them; streamed.
 * @param engine with a table or view `requests`
 * @param facts that the rules ask for: those that no log has are among each request's unknown ones */
export async function* loggedRequests(
  engine: Engine,
  facts: readonly string[],
): AsyncGenerator<RuleRequest[]> {
  await engine.run(readSql("pipelines/sql/billed-requests.sql"));
  const never = facts.filter((fact) => !Object.hasOwn(isLacking, fact));
  const checked = facts.filter((fact) => Object.hasOwn(isLacking, fact));
  for await (const rows of engine.chunks<LoggedRow>(readSql("pipelines/rules/logged-requests.sql"))) {
    yield rows.map((row) => ({
      id: row.request_id,
      read: readRow(row),
      meta: { app: row.app, endpoint: row.endpoint, tenant: row.tenant },
      unknown: [...never, ...checked.filter((fact) => isLacking[fact]!(row))],
      usd: row.usd,
    }));
  }
}

/** Facts that a log may have, and whether a row lacks one. Of a hashed or shortened text neither length nor words are known. Most
 * logs name tools and images only where there are any, so a row that names none has none, as in `simulate`. */
const isLacking: Readonly<Record<string, (row: LoggedRow) => boolean>> = {
  text: ({ content_state, user_text }) =>
    user_text === null || (content_state !== "full" && content_state !== "redacted"),
  tools: () => false,
  images: () => false,
  app: ({ app }) => app === null,
  endpoint: ({ endpoint }) => endpoint === null,
  "meta.app": ({ app }) => app === null,
  "meta.endpoint": ({ endpoint }) => endpoint === null,
  "meta.tenant": ({ tenant }) => tenant === null,
};

function readRow(row: LoggedRow): RuleRequest["read"] {
  return {
    userText: isLacking.text!(row) ? "" : row.user_text!,
    systemText: "",
    historyChars: row.context_chars,
    userTurns: 1,
    hasAnswer: false,
    isReply: false,
    nImages: row.n_images ?? 0,
    nTools: row.n_tools ?? 0,
    jsonMode: row.has_json_schema === true ? "schema" : "none",
    maxTokens: row.max_tokens,
    sessionId: null,
    requestId: row.request_id,
  };
}
