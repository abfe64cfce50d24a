import type { LanguageModelV3StreamPart } from "@ai-sdk/provider";

/** A stream that has begun to answer. */
export interface OpenStream {
  /** Parts that were read to know so. */
  head: LanguageModelV3StreamPart[];
  reader: ReadableStreamDefaultReader<LanguageModelV3StreamPart>;
  /** When the first part of the answer came, on the clock of `performance.now`. */
  firstAt: number;
}

/** Read a stream up to the first part of its answer: until then the caller has seen nothing, and another model can take over.
 * @throws what the stream fails with before that, or the error of an `error` part */
export async function openStream(stream: ReadableStream<LanguageModelV3StreamPart>): Promise<OpenStream> {
  const reader = stream.getReader();
  const head: LanguageModelV3StreamPart[] = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return { head, reader, firstAt: performance.now() };
    if (value.type === "error") {
      reader.cancel().catch(() => {});
      throw value.error;
    }
    head.push(value);
    if (!preludes.has(value.type)) return { head, reader, firstAt: performance.now() };
  }
}

/** What comes before an answer and holds none of it. */
const preludes: ReadonlySet<string> = new Set(["stream-start", "response-metadata", "raw"]);
