import { type Fields, recordOf } from "../request/request-fields.js";
import { type Answer, addCall, addError, addFinish, addModel, addText, addUsage } from "./answer.js";

/** Read a response of the responses API, or one event of its stream. */
export function takeResponses(answer: Answer, data: Fields): void {
  const type = typeof data.type === "string" ? data.type : "";
  if (type === "error" || (type === "" && data.object === undefined && data.error)) {
    addError(answer, data.error ?? data);
  } else if (
    /^response\.(?:output_text|refusal|function_call_arguments|custom_tool_call_input)\.delta$/.test(type)
  ) {
    addText(answer, data.delta);
    if (type === "response.refusal.delta") answer.isRefusal = true;
  } else if (type === "response.output_item.added") {
    addCall(answer, recordOf(data.item).name);
  } else if (data.response !== undefined) {
    takeWhole(answer, recordOf(data.response), false);
  } else if (data.object === "response") {
    takeWhole(answer, data, true);
  }
}

/** @param readsOutput false where the output came as deltas before */
function takeWhole(answer: Answer, response: Fields, readsOutput: boolean): void {
  addModel(answer, response.model);
  addUsage(answer, response.usage);
  if (response.error) addError(answer, response.error);
  const status = response.status;
  if (status === "in_progress") return;
  const reason = recordOf(response.incomplete_details).reason;
  addFinish(answer, reason ?? status);
  for (const item of Array.isArray(response.output) ? response.output : [])
    takeItem(answer, item, readsOutput);
  if (reason === "content_filter") answer.isRefusal = true;
  else if (status === "completed") answer.isRefusal ??= false;
}

function takeItem(answer: Answer, value: unknown, readsOutput: boolean): void {
  const item = recordOf(value);
  for (const part of Array.isArray(item.content) ? item.content : []) {
    const { type, text, refusal } = recordOf(part);
    if (type === "refusal") answer.isRefusal = true;
    if (readsOutput && item.type === "message") addText(answer, text ?? refusal);
  }
  if (!readsOutput) return;
  addCall(answer, item.name);
  addText(answer, item.arguments ?? item.input);
}
