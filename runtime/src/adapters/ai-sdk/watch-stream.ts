import type { LanguageModelV3StreamPart } from "@ai-sdk/provider";
import type { CallResult } from "../../log/decision-record.js";
import { classifyCall } from "./call-models.js";
import { callResultOf } from "./call-result-of.js";
import type { OpenStream } from "./open-stream.js";

/** Hand on a stream as it comes, at the reader's pace, and say once how it ended: finished, failed or left by its reader.
 * @param mapPart each part on its way */
export function watchStream(
  { head, reader }: OpenStream,
  mapPart: (part: LanguageModelV3StreamPart) => LanguageModelV3StreamPart,
  onEnd: (result: Pick<CallResult, "usage" | "finishReason" | "error" | "errorClass">) => void,
): ReadableStream<LanguageModelV3StreamPart> {
  const waiting = [...head];
  let result: Parameters<typeof onEnd>[0] = {};
  let isOver = false;
  const end = () => {
    if (!isOver) onEnd(result);
    isOver = true;
  };
  const fail = (error: unknown) => {
    result = { ...result, error, errorClass: classifyCall(error) };
  };
  return new ReadableStream<LanguageModelV3StreamPart>(
    {
      async pull(controller) {
        try {
          const part = waiting.shift() ?? (await reader.read()).value;
          if (part === undefined) {
            end();
            controller.close();
            return;
          }
          if (part.type === "error") fail(part.error);
          if (part.type === "finish") {
            result = { ...result, ...callResultOf(part) };
            end();
          }
          controller.enqueue(mapPart(part));
        } catch (error) {
          fail(error);
          end();
          controller.error(error);
        }
      },
      async cancel(reason) {
        if (!isOver) fail("cancelled");
        end();
        await reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}
