import type { Progress } from "../../datasets/progress.js";
import type { Workspace } from "../../datasets/workspace.js";
import { openJudgeApi } from "./apis/open-judge-api.js";
import { type BatchJudge, createBatchJudge } from "./batch-judge.js";
import { createChatJudge } from "./chat-judge.js";
import { type Judge, type JudgeApiName, JudgeMode } from "./judge.js";
import { hashOf } from "./label-item.js";

/** Who is asked, and how. */
export interface JudgeOptions {
  url: string;
  api: JudgeApiName;
  mode: JudgeMode;
  runId: string;
  /** Calls at a time, in chat mode. */
  concurrency: number;
  /** Pause between two looks at a batch, in ms. */
  pollMs: number;
  progress?: Progress | undefined;
}

/** Open a way to get calls answered.
 * @throws {InputError} if the URL is not one */
export async function openJudge(workspace: Workspace, options: JudgeOptions): Promise<Judge> {
  return options.mode === JudgeMode.batch
    ? openBatchJudge(workspace, options)
    : createChatJudge(await openJudgeApi(options.api, options.url), options);
}

/** {@link openJudge} for batches, which can be cancelled. */
export async function openBatchJudge(
  workspace: Workspace,
  { url, api, runId, pollMs, progress }: Omit<JudgeOptions, "mode" | "concurrency">,
): Promise<BatchJudge> {
  const owner = hashOf(workspace.salt, runId);
  return createBatchJudge(await openJudgeApi(api, url), { owner, pollMs, ...(progress ? { progress } : {}) });
}
