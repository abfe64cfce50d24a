import { JudgeApiName } from "../judge.js";
import { createAnthropicApi } from "./anthropic-api.js";
import type { JudgeApi } from "./judge-api.js";
import { createOpenAiApi } from "./openai-api.js";

/** The API behind a URL, by the protocol that it speaks.
 * @throws {InputError} if the URL is not one */
export function openJudgeApi(name: JudgeApiName, url: string): JudgeApi {
  return name === JudgeApiName.anthropic ? createAnthropicApi(url) : createOpenAiApi(url);
}
