import { recordOf } from "../request/request-fields.js";
import { createSseReader, type SseEvent } from "./sse-events.js";

/** Take the chunk out of a chat stream that holds nothing but usage: it was asked for on the caller's behalf, and a caller that reads
 * `choices[0]` of every chunk would fall over it. Every other event goes on as soon as it is whole.
 * @param onUsage takes the bytes of what was taken out */
export function stripUsage(onUsage: (bytes: Uint8Array) => void): TransformStream<Uint8Array, Uint8Array> {
  const events = createSseReader();
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const encoder = new TextEncoder();
  return new TransformStream({
    transform(bytes, controller) {
      let kept = "";
      for (const event of events.take(decoder.decode(bytes, { stream: true }))) {
        if (isUsageOnly(event)) onUsage(encoder.encode(event.raw));
        else kept += event.raw;
      }
      if (kept !== "") controller.enqueue(encoder.encode(kept));
    },
    flush(controller) {
      const rest = events.rest() + decoder.decode();
      if (rest !== "") controller.enqueue(encoder.encode(rest));
    },
  });
}

function isUsageOnly({ data }: SseEvent): boolean {
  if (!data.includes('"usage"')) return false;
  try {
    const { choices, usage } = recordOf(JSON.parse(data));
    return Array.isArray(choices) && choices.length === 0 && typeof usage === "object" && usage !== null;
  } catch {
    return false;
  }
}
