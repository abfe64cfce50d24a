import { JudgeApiName } from "../judge.js";
import type { JudgeApi } from "./judge-api.js";

/** The API behind a URL, by the protocol that it speaks. Only its own SDK is loaded: they take longer to load than most verbs run.
 * @throws {InputError} if the URL is not one */
export async function openJudgeApi(name: JudgeApiName, url: string): Promise<JudgeApi> {
  if (name === JudgeApiName.anthropic) return (await import("./anthropic-api.js")).createAnthropicApi(url);
  return (await import("./openai-api.js")).createOpenAiApi(url);
}
