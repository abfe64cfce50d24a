import type { PlantedAttempt } from "../../../datasets/synthetic/planted-log.js";
import type { PlantedWorld } from "../../../datasets/synthetic/planted-world.js";
import { emptyReplay } from "../../../pipelines/replay/read-replay.js";
import type { ReplayData } from "../../../pipelines/replay/replay-data.js";

/** A planted log as the replay that `signalbox simulate` would make of it, with the world's router. */
export function plantedReplay(world: PlantedWorld, attempts: readonly PlantedAttempt[]): ReplayData {
  const rows = attempts.length;
  const replay = emptyReplay(
    rows,
    world.models.map(({ model }) => model),
  );
  const lists: Record<"apps" | "tenants" | "errorClasses" | "finishReasons", string[]> = {
    apps: [],
    tenants: [],
    errorClasses: [],
    finishReasons: [],
  };
  const numberOf = (list: keyof typeof lists, text: string | null): number => {
    if (text === null) return -1;
    const place = lists[list].indexOf(text);
    return place < 0 ? lists[list].push(text) - 1 : place;
  };
  attempts.forEach((attempt, row) => {
    const isReplayed = attempt.chosen >= 0;
    replay.session[row] = attempt.session;
    replay.logical[row] = attempt.logical;
    replay.attemptNo[row] = attempt.attemptNo;
    replay.createdAt[row] = attempt.createdAt;
    replay.isReplayed[row] = Number(isReplayed);
    replay.isUnknown[row] = Number(Number.isNaN(attempt.billedUsd));
    replay.served[row] = attempt.served;
    replay.chosen[row] = attempt.chosen;
    replay.tier[row] = attempt.tier;
    replay.stakes[row] = attempt.stakes;
    replay.confidence[row] = attempt.confidence;
    replay.isSuccess[row] = Number(attempt.isSuccess);
    replay.isStream[row] = Number(!attempt.isBatch);
    replay.isBatch[row] = Number(attempt.isBatch);
    replay.inputTokens[row] = attempt.inputTokens;
    replay.cacheReadTokens[row] = attempt.cacheReadTokens;
    replay.cacheWriteTokens[row] = 0;
    replay.outputTokens[row] = attempt.outputTokens;
    replay.userChars[row] = attempt.userChars;
    replay.billed[row] = attempt.billedUsd;
    replay.latency[row] = attempt.latencyMs;
    replay.ttft[row] = attempt.ttftMs;
    replay.prompt[row] = attempt.prompt;
    replay.user[row] = attempt.user;
    replay.app[row] = numberOf("apps", attempt.app);
    replay.tenant[row] = numberOf("tenants", attempt.tenant);
    replay.endpoint[row] = 0;
    replay.errorClass[row] = numberOf("errorClasses", attempt.errorClass);
    replay.finishReason[row] = numberOf("finishReasons", attempt.isSuccess ? "stop" : null);
    for (let model = 0; isReplayed && model < world.models.length; model++) {
      replay.usd[model * rows + row] = attempt.usd[model]!;
      replay.sufficiency[model * rows + row] = attempt.sufficiency[model]!;
    }
  });
  return {
    ...replay,
    ...lists,
    endpoints: ["chat"],
    sessions: replay.session.reduce((most, session) => Math.max(most, session + 1), 0),
  };
}
