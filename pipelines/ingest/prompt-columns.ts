import type { Message } from "@signalbox/runtime";
import { ContentMode } from "../../datasets/privacy/content-mode.js";
import type { RequestRow } from "../../datasets/request-log.js";
import { messageText } from "../../datasets/sources/conversation.js";
import type { RequestDraft } from "../../datasets/sources/source.js";
import { saltedHash, type Workspace } from "../../datasets/workspace.js";
import type { ContentRules } from "./content-rules.js";

/** The columns that are computed from prompts, answers and tool definitions. */
type PromptColumns = Pick<
  RequestRow,
  | "content_state"
  | "system_text"
  | "user_text"
  | "history_json"
  | "output_text"
  | "system_hash"
  | "prompt_hash"
  | "tools_hash"
  | "system_chars"
  | "user_chars"
  | "history_chars"
  | "history_turns"
  | "output_chars"
  | "n_images"
  | "n_audio"
  | "n_files"
>;

/** Split a conversation into system prompt, history and last user turn under the rules of the content mode.
 *
 * The last user turn is the last one with text, as in the runtime's featuriser: turns behind it (an agent's tool calls and
 * their results) are in `prompt_hash`, so that the steps of an agent are not taken for repeats of one prompt.
 * Lengths are those of the text as logged, in UTF-16 units. */
export function promptColumns(draft: RequestDraft, rules: ContentRules, workspace: Workspace): PromptColumns {
  const { prompt, output, tools } = draft;
  const hash = (text: string | null): string | null =>
    text === null || rules.mode === ContentMode.none ? null : saltedHash(workspace, text);
  const kept = (text: string | null): string | null => (text === null ? null : rules.text(text));
  const answer = {
    output_text: kept(output),
    output_chars: output?.length ?? null,
    tools_hash: hash(tools === null ? null : JSON.stringify(tools)),
  };
  if (prompt === null) return { ...withoutPrompt, ...answer };
  const { history, userText } = splitAtLastUserTurn(prompt.messages);
  return {
    content_state: contentState(draft.promptState, rules.mode),
    system_text: kept(prompt.system),
    user_text: kept(userText),
    history_json: historyJson(history, rules),
    system_hash: hash(prompt.system),
    prompt_hash: hash(JSON.stringify([prompt.system, prompt.messages])),
    system_chars: prompt.system?.length ?? 0,
    user_chars: userText?.length ?? 0,
    history_chars: history.reduce((sum, { content }) => sum + messageText(content).length, 0),
    history_turns: history.length,
    ...countAttachments(prompt.messages),
    ...answer,
  };
}

const withoutPrompt = {
  content_state: "none",
  system_text: null,
  user_text: null,
  history_json: null,
  system_hash: null,
  prompt_hash: null,
  system_chars: null,
  user_chars: null,
  history_chars: null,
  history_turns: null,
  n_images: null,
  n_audio: null,
  n_files: null,
};

function contentState(logged: RequestDraft["promptState"], mode: ContentMode): string {
  if (mode === ContentMode.none || logged === "none") return "none";
  if (mode === ContentMode.hash) return "hashed";
  if (logged === "truncated") return "truncated";
  return mode === ContentMode.redacted ? "redacted" : logged;
}

function splitAtLastUserTurn(messages: readonly Message[]): {
  history: readonly Message[];
  userText: string | null;
} {
  const last = messages.findLastIndex(({ role, content }) => role === "user" && messageText(content) !== "");
  if (last < 0) return { history: messages, userText: null };
  return { history: messages.slice(0, last), userText: messageText(messages[last]!.content) };
}

function historyJson(history: readonly Message[], rules: ContentRules): string | null {
  if (history.length === 0 || rules.text("") === null) return null;
  return JSON.stringify(
    history.map((message) => ({ role: message.role, content: rules.text(turnText(message)) })),
  );
}

/** Text of a turn; the calls that an assistant made stand in it as JSON. */
function turnText({ content, tool_calls: calls }: Message): string {
  const text = messageText(content);
  const called = Array.isArray(calls) ? JSON.stringify(calls) : "";
  return text !== "" && called !== "" ? `${text}\n${called}` : text + called;
}

function countAttachments(
  messages: readonly Message[],
): Pick<PromptColumns, "n_images" | "n_audio" | "n_files"> {
  const counts = { image: 0, audio: 0, file: 0 };
  for (const { content } of messages) {
    if (typeof content === "string") continue;
    for (const part of content ?? []) {
      const type = typeof part === "string" ? "text" : part.type;
      if (type === "image" || type === "audio" || type === "file") counts[type] += 1;
    }
  }
  return { n_images: counts.image, n_audio: counts.audio, n_files: counts.file };
}
