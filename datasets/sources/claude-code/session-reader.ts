import { asRecord, asString, type JsonRecord } from "../json-access.js";
import { readTimestamp } from "../read-time.js";
import type { Mapped, RecordReader } from "../source.js";
import { assistantDraft, type LoggedMessage, sharedFields } from "./assistant-draft.js";

/** Puts the lines of a session together: the blocks of a message into one answer, the turn before it into its prompt. A message
 * is answered when its thread goes on to the next one, or at the end of the file. */
export class SessionReader<Place> implements RecordReader<Place> {
  private readonly threads = new Map<string, Thread<Place>>();

  take(record: unknown, place: Place): Answers<Place> {
    const line = asRecord(record);
    if (line === null)
      return [
        { place, mapped: { kind: "quarantined", reason: "unknown_schema", detail: "not a JSON object" } },
      ];
    const inner = progressedLine(line);
    const logged = inner ?? line;
    const message = asRecord(logged.message);
    const thread = this.threadOf(logged, inner !== null);
    if (message !== null && isAssistant(logged, message))
      return this.takeAssistant(thread, { line: logged, message, place, isCopy: inner !== null });
    if (inner === null && line.type === "user" && message !== null) thread.takeUser(message);
    return [{ place, mapped: noCall(`line of type ${asString(line.type) ?? "unknown"}`) }];
  }

  end(): Answers<Place> {
    return [...this.threads.values()].flatMap((thread) => thread.release());
  }

  private takeAssistant(thread: Thread<Place>, logged: Logged<Place>): Answers<Place> {
    const { line, message, place } = logged;
    if (asRecord(message.usage) === null && line.isApiErrorMessage !== true)
      return [{ place, mapped: noCall("assistant line without usage") }];
    const model = asString(message.model);
    if (model === SYNTHETIC && line.isApiErrorMessage !== true)
      return [{ place, mapped: noCall("text that Claude Code wrote itself, model <synthetic>") }];
    if (model === SYNTHETIC && thread.model === null)
      return [{ place, mapped: noCall("a failed call before any that names a model") }];
    return thread.takeAssistant(logged);
  }

  /** Side conversations stand between the lines of the main one, in old logs in the same file. */
  private threadOf(line: JsonRecord, isCopy: boolean): Thread<Place> {
    const key = JSON.stringify([isCopy, line.isSidechain === true, line.agentId ?? null]);
    const known = this.threads.get(key);
    if (known !== undefined) return known;
    const thread = new Thread<Place>();
    // Past so many threads the newcomers are read without memory of the turns before them.
    if (this.threads.size < maxThreads) this.threads.set(key, thread);
    else thread.isForgetful = true;
    return thread;
  }
}

type Answers<Place> = Array<{ place: Place; mapped: Mapped }>;

interface Logged<Place> extends LoggedMessage {
  place: Place;
}

const SYNTHETIC = "<synthetic>";
const maxThreads = 1000;

/** Blocks of one message that are kept for each other at most. */
const maxBlocks = 500;

/** One run of turns and the message in it that is still being written. */
class Thread<Place> {
  model: string | null = null;
  isForgetful = false;
  private userTurn: JsonRecord | null = null;
  private turns: JsonRecord[] = [];
  private key: string | null = null;
  private modelBefore: string | null = null;
  private prompt: JsonRecord[] = [];
  private blocks: Logged<Place>[] = [];

  takeUser(message: JsonRecord): void {
    if (isToolResult(message)) this.turns.push(message);
    else {
      this.userTurn = message;
      this.turns = [];
    }
  }

  takeAssistant(logged: Logged<Place>): Answers<Place> {
    const key = asString(logged.message.id);
    const isSame = key !== null && key === this.key && this.blocks.length < maxBlocks;
    const released = isSame ? [] : this.release();
    if (!isSame) {
      this.key = key;
      this.modelBefore = this.model;
      this.prompt = this.userTurn === null ? this.turns : [this.userTurn, ...this.turns];
      this.turns = [];
    }
    this.blocks.push(logged);
    const model = asString(logged.message.model);
    if (model !== SYNTHETIC) this.model = model ?? this.model;
    return this.isForgetful ? [...released, ...this.release()] : released;
  }

  release(): Answers<Place> {
    const { blocks, prompt, modelBefore } = this;
    this.blocks = [];
    if (blocks.length === 0) return [];
    const shared = sharedFields(blocks, prompt);
    return blocks.map((block) => ({
      place: block.place,
      mapped: assistantDraft(block, shared, modelBefore),
    }));
  }
}

function isToolResult({ content }: JsonRecord): boolean {
  return Array.isArray(content) && content.some((part) => asRecord(part)?.type === "tool_result");
}

function isAssistant(line: JsonRecord, message: JsonRecord): boolean {
  return line.type === "assistant" || (asString(line.type) === null && message.role !== "user");
}

/** A sub-agent's line as its parent repeats it, while the sub-agent runs. */
function progressedLine(line: JsonRecord): JsonRecord | null {
  const inner = line.type === "progress" ? asRecord(asRecord(line.data)?.message) : null;
  if (inner === null || inner.type !== "assistant") return null;
  const { sessionId, cwd, timestamp } = line;
  return {
    sessionId,
    cwd,
    ...inner,
    timestamp: readTimestamp(inner.timestamp) === null ? timestamp : inner.timestamp,
  };
}

function noCall(detail: string): Mapped {
  return { kind: "skipped", reason: "not_an_llm_call", detail };
}
