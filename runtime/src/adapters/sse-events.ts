/** One server-sent event. */
export interface SseEvent {
  /** Its data lines, joined by line feeds; empty for a comment. */
  data: string;
  /** The event as it came, blank line included. */
  raw: string;
}

/** Cuts text that comes in pieces into server-sent events. */
export interface SseReader {
  /** Events that this piece completes. */
  take(text: string): SseEvent[];
  /** What has come of an event that isn't complete. */
  rest(): string;
}

/** Longest event that is read, UTF-16 units: the last event of the responses API holds the whole answer. Longer ones have no data. */
const longestEvent = 16 * 2 ** 20;

/** Make a reader for one stream. Lines end in LF or CR LF; every character is looked at once, however the text is cut.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream */
export function createSseReader(): SseReader {
  let line: string[] = [];
  let event: string[] = [];
  let length = 0;

  const endLine = (): SseEvent | null => {
    const whole = line.join("");
    line = [];
    event.push(whole);
    if (whole !== "\n" && whole !== "\r\n") return null;
    const data = length > longestEvent ? "" : event.flatMap(dataOf).join("\n");
    const read = { data, raw: event.join("") };
    event = [];
    length = 0;
    return read;
  };

  return {
    take(text) {
      const events: SseEvent[] = [];
      for (let from = 0; from < text.length; ) {
        const end = text.indexOf("\n", from) + 1;
        line.push(text.slice(from, end || undefined));
        length += (end || text.length) - from;
        from = end || text.length;
        const read = end === 0 ? null : endLine();
        if (read !== null) events.push(read);
      }
      return events;
    },
    rest: () => event.join("") + line.join(""),
  };
}

function dataOf(line: string): string[] {
  const found = /^\uFEFF?data(?:: ?|(?=[\r\n]))/.exec(line);
  return found === null ? [] : [line.slice(found[0].length).replace(/\r?\n$/, "")];
}
