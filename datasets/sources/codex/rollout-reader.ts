import { canonicalProvider } from "../../prices/provider-names.js";
import { normaliseUsage } from "../../tokens/normalise-usage.js";
import { readConversation } from "../conversation.js";
import { asRecord, asString, firstString, type JsonRecord } from "../json-access.js";
import { readTimestamp } from "../read-time.js";
import { type Mapped, type RecordReader, unknownDraft } from "../source.js";
import { CallContent } from "./call-content.js";
import { CallCounts } from "./call-counts.js";
import { ForkWatch } from "./fork-watch.js";

/** Walks through a session and makes a row of every token_count event that counts a new call. */
export class RolloutReader<Place> implements RecordReader<Place> {
  private meta: JsonRecord = {};
  private turn: JsonRecord = {};
  private model: string | null = null;
  private calls = 0;
  private readonly fork = new ForkWatch();
  private readonly counts = new CallCounts();
  private content = new CallContent();

  take(record: unknown, place: Place): Array<{ place: Place; mapped: Mapped }> {
    const line = asRecord(record);
    const payload = asRecord(line?.payload);
    if (line === null || payload === null) {
      const detail = "no line of a Codex session: it has no payload";
      return [{ place, mapped: { kind: "quarantined", reason: "unknown_schema", detail } }];
    }
    this.fork.see(line, payload);
    if (line.type === "event_msg" && payload.type === "token_count")
      return [{ place, mapped: this.takeCount(line, payload) }];
    this.note(line, payload);
    const detail = `line of type ${[line.type, payload.type].filter(asString).join("/")}`;
    return [{ place, mapped: { kind: "skipped", reason: "not_an_llm_call", detail } }];
  }

  end(): [] {
    return [];
  }

  private note(line: JsonRecord, payload: JsonRecord): void {
    if (line.type === "session_meta" && Object.keys(this.meta).length === 0) this.meta = payload;
    if (line.type === "turn_context") {
      this.turn = payload;
      this.model = asString(payload.model) ?? this.model;
    }
    if (line.type === "response_item") this.content.take(payload);
  }

  private takeCount(line: JsonRecord, payload: JsonRecord): Mapped {
    const info = asRecord(payload.info);
    const call = info === null ? null : this.counts.take(info);
    if (call === null) {
      const detail = info === null ? "rate limits without counts" : "the counts of the call before, repeated";
      return { kind: "skipped", reason: "not_an_llm_call", detail };
    }
    this.calls += 1;
    const content = this.content.close();
    if (this.fork.isCopied(line)) {
      const detail = `history of session ${this.fork.parent ?? "unknown"}, copied into its fork; its own file counts it`;
      return { kind: "skipped", reason: "re_export", detail };
    }
    const usage = normaliseUsage(call, { convention: "inclusive" });
    if (usage !== null && "error" in usage)
      return { kind: "quarantined", reason: usage.error, detail: usage.detail };
    const session = firstString(this.meta, ["id", "session_id"]);
    const model = firstString(info, ["model", "model_name"]) ?? this.model;
    const conversation = readConversation({ messages: content.input, instructions: this.instructions() });
    const hasPrompt = conversation.messages.length > 0;
    return {
      kind: "row",
      draft: {
        ...unknownDraft,
        id: session === null ? null : `${session}/${this.calls}`,
        sessionId: session,
        app: lastFolder(firstString(this.turn, ["cwd"]) ?? firstString(this.meta, ["cwd"])),
        endpoint: "responses",
        createdAt: readTimestamp(line.timestamp),
        modelRequested: model,
        modelServed: model,
        provider: canonicalProvider(asString(this.meta.model_provider)),
        prompt: hasPrompt ? { system: conversation.system, messages: conversation.messages } : null,
        // The turns before stand lines above.
        promptState: hasPrompt ? "truncated" : "none",
        output: content.output,
        usage: usage?.usage ?? null,
        usageRaw: call,
      },
    };
  }

  private instructions(): string | null {
    return firstString(asRecord(this.meta.base_instructions), ["text"]) ?? asString(this.meta.instructions);
  }
}

/** The path tells of its owner; its last folder is the project's name. */
function lastFolder(path: string | null): string | null {
  return path?.split(/[\\/]/).findLast((part) => part !== "") ?? null;
}
