import { SessionReader } from "./claude-code/session-reader.js";
import { asRecord, asString, type JsonRecord } from "./json-access.js";
import type { Mapped, Source } from "./source.js";

/** Claude Code's session logs: ~/.claude/projects/<path>/<session>.jsonl and <session>/subagents/agent-*.jsonl. One call is
 * logged once per content block, while its output count still grows, and again where a session is resumed or a side
 * conversation replays it: all of these share the message's id, and the most complete one counts. */
export const claudeCodeSource: Source = {
  name: "claude-code",
  title: "Claude Code sessions (~/.claude/projects)",
  score: scoreLine,
  map: (record) => mapAlone(record),
  open: () => new SessionReader(),
};

function scoreLine(line: unknown): number {
  const record = asRecord(line);
  if (record === null) return 0;
  const type = asString(record.type);
  if (type === "file-history-snapshot") return "snapshot" in record ? 1 : 0;
  if (type === "summary") return "leafUuid" in record ? 1 : 0;
  if (asString(record.sessionId) === null) return 0;
  if (type === null) return isOldAssistantLine(record) ? 1 : 0;
  const marks = OWN_FIELDS.filter((name) => name in record).length;
  return marks >= 2 ? 1 : marks === 1 ? 0.8 : LINE_TYPES.test(type) ? 0.6 : 0;
}

const OWN_FIELDS = [
  "parentUuid",
  "isSidechain",
  "requestId",
  "gitBranch",
  "userType",
  "toolUseResult",
  "leafUuid",
  "parentToolUseID",
  "isMeta",
  "uuid",
  "costUSD",
];

const LINE_TYPES =
  /^(queue-operation|progress|last-prompt|custom-title|ai-title|agent-name|permission-mode|pr-link|attachment|system)$/;

/** Lines of the first releases, and of tools that copy them, name no type. */
function isOldAssistantLine(record: JsonRecord): boolean {
  const message = asRecord(record.message);
  return (
    asRecord(message?.usage) !== null && ("requestId" in record || "costUSD" in record || "uuid" in record)
  );
}

function mapAlone(record: unknown): Mapped {
  const reader = new SessionReader<null>();
  return [...reader.take(record, null), ...reader.end()][0]!.mapped;
}
