import { RolloutReader } from "./codex/rollout-reader.js";
import { asRecord, asString } from "./json-access.js";
import type { Source } from "./source.js";

/** Codex' session logs: ~/.codex/sessions/YYYY/MM/DD/rollout-*.jsonl. A call is a token_count event; its model was named by a
 * line before, its prompt and answer stand in the lines between. Cached input is inside the input, reasoning inside the output. */
export const codexSource: Source = {
  name: "codex",
  title: "Codex sessions (~/.codex/sessions)",
  score: scoreLine,
  map: (record) => new RolloutReader<null>().take(record, null)[0]!.mapped,
  open: () => new RolloutReader(),
};

function scoreLine(line: unknown): number {
  const record = asRecord(line);
  const type = asString(record?.type);
  if (type === null || asRecord(record?.payload) === null) return 0;
  return LINE_TYPES.test(type) ? ("timestamp" in record! ? 1 : 0.8) : 0;
}

const LINE_TYPES = /^(session_meta|turn_context|event_msg|response_item|compacted)$/;
