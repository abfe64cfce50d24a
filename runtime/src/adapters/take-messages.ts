import { type Fields, recordOf } from "../request/request-fields.js";
import { type Answer, addCall, addError, addFinish, addModel, addText, addUsage } from "./answer.js";

/** Read an Anthropic message, or one event of its stream. */
export function takeMessages(answer: Answer, data: Fields): void {
  if (data.type === "error") addError(answer, data.error);
  else if (data.type === "message") takeMessage(answer, data);
  else if (data.type === "message_start") takeMessage(answer, recordOf(data.message));
  else if (data.type === "content_block_start") takeBlock(answer, data.content_block);
  else if (data.type === "content_block_delta") takeDelta(answer, recordOf(data.delta));
  else if (data.type === "message_delta") {
    addUsage(answer, data.usage);
    takeStop(answer, recordOf(data.delta).stop_reason);
  }
}

function takeMessage(answer: Answer, message: Fields): void {
  addModel(answer, message.model);
  addUsage(answer, message.usage);
  for (const block of Array.isArray(message.content) ? message.content : []) takeBlock(answer, block);
  takeStop(answer, message.stop_reason);
}

function takeStop(answer: Answer, reason: unknown): void {
  addFinish(answer, reason);
  if (typeof reason === "string") answer.isRefusal = reason === "refusal";
}

/** A block at its start is empty in a stream: a tool's input is `{}` there and follows as text. */
function takeBlock(answer: Answer, value: unknown): void {
  const { type, text, name, input } = recordOf(value);
  addText(answer, text);
  if (type !== "tool_use") return;
  addCall(answer, name);
  if (Object.keys(recordOf(input)).length > 0) addText(answer, JSON.stringify(input));
}

function takeDelta(answer: Answer, { text, partial_json, thinking }: Fields): void {
  addText(answer, text ?? partial_json);
  if (typeof thinking === "string") answer.hasContent = true;
}
