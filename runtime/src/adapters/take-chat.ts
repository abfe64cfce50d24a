import { type Fields, recordOf } from "../request/request-fields.js";
import { type Answer, addCall, addError, addFinish, addModel, addText, addUsage } from "./answer.js";

/** Read a chat completion, or one chunk of its stream. Of several choices the first counts. */
export function takeChat(answer: Answer, data: Fields): void {
  if (data.error !== undefined && data.error !== null) addError(answer, data.error);
  addModel(answer, data.model);
  addUsage(answer, data.usage);
  const choices: unknown[] = Array.isArray(data.choices) ? data.choices : [];
  const choice = recordOf(choices.find((each) => (recordOf(each).index ?? 0) === 0));
  const message = recordOf(choice.message ?? choice.delta);
  addText(answer, message.content);
  addCalls(answer, message.tool_calls);
  if (typeof message.refusal === "string" && message.refusal !== "") {
    addText(answer, message.refusal);
    answer.isRefusal = true;
  }
  addFinish(answer, choice.finish_reason);
  if (choice.finish_reason === "content_filter") answer.isRefusal = true;
  else if (answer.finishReason !== null) answer.isRefusal ??= false;
}

function addCalls(answer: Answer, calls: unknown): void {
  if (!Array.isArray(calls)) return;
  for (const call of calls) {
    const {
      name,
      arguments: input,
      input: text,
    } = recordOf(recordOf(call).function ?? recordOf(call).custom);
    addCall(answer, name);
    addText(answer, input ?? text);
  }
}
