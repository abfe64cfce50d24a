import { azureFields } from "../azure/azure-fields.js";
import { asText } from "../json-access.js";
import type { Mapped, RecordReader } from "../source.js";
import { joinParts, type LlmLogPart } from "./join-parts.js";

interface Call<Place> {
  parts: Array<LlmLogPart<Place>>;
  chars: number;
  /** Number of the row that came last. */
  lastRow: number;
}

/** Rows that may lie between two parts of one call. */
const rowsWaited = 5000;

/** Text that is held back at most, in characters. */
const charsHeld = 64 * 1024 * 1024;

/** Gathers the parts of each call. Nothing in the log says how many there are, so a call is finished when no part came for some thousand
 * rows, when too much text waits, or at the end. */
export class PartReader<Place> implements RecordReader<Place> {
  /** In the order of their last part: the first is the one to give up on. */
  private readonly calls = new Map<string, Call<Place>>();
  private row = 0;
  private chars = 0;

  take(record: unknown, place: Place): Array<{ place: Place; mapped: Mapped }> {
    this.row += 1;
    const fields = azureFields(record);
    if (fields === null)
      return [
        {
          place,
          mapped: { kind: "quarantined", reason: "unknown_schema", detail: "the record is not an object" },
        },
      ];
    const id = asText(fields.get("correlationid"));
    if (id === "") return joinParts([{ place, fields }]);
    const call = this.calls.get(id) ?? { parts: [], chars: 0, lastRow: 0 };
    const chars = textLength(fields);
    call.parts.push({ place, fields });
    call.chars += chars;
    call.lastRow = this.row;
    this.chars += chars;
    this.calls.delete(id);
    this.calls.set(id, call);
    return this.giveUp();
  }

  end(): Array<{ place: Place; mapped: Mapped }> {
    const answers = [...this.calls.values()].flatMap(({ parts }) => joinParts(parts));
    this.calls.clear();
    this.chars = 0;
    return answers;
  }

  private giveUp(): Array<{ place: Place; mapped: Mapped }> {
    const answers: Array<{ place: Place; mapped: Mapped }> = [];
    for (const [id, call] of this.calls) {
      if (this.row - call.lastRow < rowsWaited && this.chars <= charsHeld) break;
      this.calls.delete(id);
      this.chars -= call.chars;
      answers.push(...joinParts(call.parts));
    }
    return answers;
  }
}

function textLength(fields: ReadonlyMap<string, unknown>): number {
  return asText(fields.get("requestmessages")).length + asText(fields.get("responsemessages")).length;
}
