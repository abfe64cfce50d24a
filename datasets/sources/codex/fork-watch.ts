import { asRecord, asString, firstString, type JsonRecord } from "../json-access.js";
import { readTimestamp } from "../read-time.js";

/** Tells the history that a fork or a sub-agent starts with, copied from its parent's file, from its own calls. The copy is
 * stamped with the moment of the fork, so its counts would be billed again, on the wrong day. It ends with the first turn whose
 * id (a UUIDv7 holds its time) is younger than the session, or that comes later than the copying takes. */
export class ForkWatch {
  /** Session that the history was copied from. */
  parent: string | null = null;
  private session: string | null = null;
  private forkedAt: number | null = null;
  private isOwn = true;

  see(line: JsonRecord, payload: JsonRecord): void {
    if (line.type === "session_meta") this.seeMeta(line, payload);
    else if (!this.isOwn && this.isOwnTurn(payload)) this.isOwn = true;
  }

  /** Whether a count belongs to the copied history. */
  isCopied(line: JsonRecord): boolean {
    if (this.isOwn) return false;
    const at = readTimestamp(line.timestamp);
    return at === null || this.forkedAt === null || at <= this.forkedAt + copyingUs;
  }

  private seeMeta(line: JsonRecord, payload: JsonRecord): void {
    const id = firstString(payload, ["id", "session_id"]);
    if (this.session === null) {
      this.session = id;
      this.forkedAt = readTimestamp(line.timestamp) ?? readTimestamp(payload.timestamp);
      this.parent = firstString(payload, ["forked_from_id"]) ?? spawnedFrom(payload);
      this.isOwn = asString(payload.forked_from_id) === null;
    } else if (id !== this.session) {
      this.parent ??= id;
      this.isOwn = false;
    }
  }

  private isOwnTurn(payload: JsonRecord): boolean {
    const turn = uuidTime(asString(payload.turn_id));
    const session = uuidTime(this.session);
    return turn !== null && session !== null && turn >= session;
  }
}

/** History is copied within this time of the fork; a call of the fork's own takes longer. */
const copyingUs = 2_000_000;

function spawnedFrom(payload: JsonRecord): string | null {
  const spawn = asRecord(asRecord(asRecord(payload.source)?.subagent)?.thread_spawn);
  return firstString(spawn, ["parent_thread_id"]) ?? firstString(payload, ["parent_thread_id"]);
}

/** Milliseconds since 1970 in a UUIDv7, else null. */
function uuidTime(id: string | null): number | null {
  const digits = /^([0-9a-f]{8})-([0-9a-f]{4})-7/i.exec(id ?? "");
  return digits === null ? null : Number.parseInt(digits[1]! + digits[2]!, 16);
}
