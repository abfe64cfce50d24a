/** Common word for a finish reason (stop, length, tool_calls, content_filter) from any provider's; the source's own word in
 * small letters where there is no common one. */
export function finishReason(word: string | null): string | null {
  if (word === null || word === "") return null;
  const lower = word.toLowerCase();
  return common.get(lower.replace(/[-_\s]/g, "")) ?? lower;
}

const common = new Map(
  Object.entries({
    stop: "stop",
    endturn: "stop",
    stopsequence: "stop",
    complete: "stop",
    completed: "stop",
    finish: "stop",
    finished: "stop",
    eos: "stop",
    eostoken: "stop",
    length: "length",
    maxtokens: "length",
    maxoutputtokens: "length",
    modelcontextwindowexceeded: "length",
    modellength: "length",
    toolcalls: "tool_calls",
    toolcall: "tool_calls",
    tooluse: "tool_calls",
    functioncall: "tool_calls",
    contentfilter: "content_filter",
    contentfiltered: "content_filter",
    guardrailintervened: "content_filter",
    safety: "content_filter",
    refusal: "content_filter",
    prohibitedcontent: "content_filter",
    blocklist: "content_filter",
    recitation: "content_filter",
  }),
);
