import { inputTotal, outputTotal } from "../tokens/token-usage.js";
import { CallTree } from "./call-tree.js";
import type { Mapped, RecordReader } from "./source.js";

/** How the spans of one format are mapped and named. */
interface SpanFormat {
  map(record: unknown): Mapped;
  /** Ids of the span and of the one above it; null where the span has none. */
  place(record: unknown): { id: string; parentId: string | null } | null;
}

/** Maps spans and holds calls back for a while: frameworks wrap one call in another and repeat its usage, and a wrapper is known
 * by its children, which may stand further down in the file. A wrapper whose children come more than a thousand calls later
 * is not recognised. */
export class LeafReader<Place> implements RecordReader<Place> {
  private readonly tree = new CallTree();
  private held: Array<{ place: Place; id: string; mapped: Mapped }> = [];

  constructor(private readonly format: SpanFormat) {}

  take(record: unknown, place: Place): Array<{ place: Place; mapped: Mapped }> {
    const mapped = this.format.map(record);
    const span = this.format.place(record);
    if (span === null) return [{ place, mapped }];
    const usage = mapped.kind === "row" ? mapped.draft.usage : null;
    const isCall = mapped.kind === "row";
    const counts = usage === null ? null : { input: inputTotal(usage), output: outputTotal(usage) };
    this.tree.add({ ...span, isCall, counts });
    if (!isCall) return [{ place, mapped }];
    this.held.push({ place, id: span.id, mapped });
    return this.held.length > maxHeld ? this.release(maxHeld / 2) : [];
  }

  end(): Array<{ place: Place; mapped: Mapped }> {
    return this.release(this.held.length);
  }

  private release(count: number): Array<{ place: Place; mapped: Mapped }> {
    return this.held.splice(0, count).map(({ place, id, mapped }) => {
      const detail = this.tree.whyWrapper(id);
      return {
        place,
        mapped: detail === null ? mapped : { kind: "skipped", reason: "not_a_leaf_span", detail },
      };
    });
  }
}

/** Calls that wait for their children at most. */
const maxHeld = 1000;
