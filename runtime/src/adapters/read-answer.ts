import { type Fields, recordOf } from "../request/request-fields.js";
import { type Answer, emptyAnswer } from "./answer.js";
import type { Api } from "./detect-api.js";
import { createSseReader } from "./sse-events.js";
import { takeChat } from "./take-chat.js";
import { takeMessages } from "./take-messages.js";
import { takeResponses } from "./take-responses.js";

/** Reads an answer from its bytes while they pass by. */
export interface AnswerReader {
  readonly answer: Answer;
  /** Take bytes of the body. Never throws: what can't be read is skipped. */
  take(bytes: Uint8Array): void;
  /** Say that the body has ended. */
  end(): void;
}

/** Longest body that is read when it isn't a stream, bytes; longer ones are let through without their usage. */
const longestBody = 32 * 2 ** 20;

const takers: Readonly<Record<Api, (answer: Answer, data: Fields) => void>> = {
  chat: takeChat,
  responses: takeResponses,
  messages: takeMessages,
};

/** Make a reader for one answer.
 * @param contentType of the response; `text/event-stream` is read event by event, anything else as JSON once it is whole
 * @param keepsText whether the answer's text is kept, too */
export function createAnswerReader(api: Api, contentType: string | null, keepsText: boolean): AnswerReader {
  const answer = emptyAnswer(keepsText);
  const take = (json: string) => {
    try {
      takers[api](answer, recordOf(JSON.parse(json)));
    } catch {
      answer.error ??= "malformed_answer";
    }
  };
  return isEventStream(contentType) ? readEvents(answer, take) : readWhole(answer, take);
}

export function isEventStream(contentType: string | null): boolean {
  return /^\s*text\/event-stream\b/i.test(contentType ?? "");
}

function readEvents(answer: Answer, take: (json: string) => void): AnswerReader {
  const decoder = new TextDecoder();
  const events = createSseReader();
  const takeText = (text: string) => {
    for (const { data } of events.take(text)) if (data.startsWith("{")) take(data);
  };
  return {
    answer,
    take: (bytes) => guard(() => takeText(decoder.decode(bytes, { stream: true }))),
    end: () => {
      guard(() => takeText(`${decoder.decode()}\n\n`));
      if (answer.finishReason === null) answer.error ??= "incomplete_stream";
    },
  };
}

function readWhole(answer: Answer, take: (json: string) => void): AnswerReader {
  const decoder = new TextDecoder();
  const pieces: string[] = [];
  let bytesTaken = 0;
  return {
    answer,
    take: (bytes) => {
      bytesTaken += bytes.byteLength;
      if (bytesTaken <= longestBody) guard(() => pieces.push(decoder.decode(bytes, { stream: true })));
    },
    end: () => {
      if (bytesTaken <= longestBody) take(pieces.join("") + decoder.decode());
    },
  };
}

/** A chunk of another type than bytes isn't read. */
function guard(act: () => void): void {
  try {
    act();
  } catch {}
}
