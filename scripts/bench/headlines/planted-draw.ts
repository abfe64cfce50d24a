import { type PlantedAttempt, plantLog } from "../../../datasets/synthetic/planted-log.js";
import type { PlantedWorld } from "../../../datasets/synthetic/planted-world.js";
import type { ReplayData } from "../../../pipelines/replay/replay-data.js";
import { plantedReplay } from "./planted-replay.js";

/** A log drawn from a planted world, as a replay and with its truth. */
export interface PlantedDraw {
  world: PlantedWorld;
  attempts: readonly PlantedAttempt[];
  replay: ReplayData;
  /** Sessions that were drawn; totals are compared per session. */
  drawn: number;
  seed: number;
}

/** Draw a log and replay it in memory. */
export function drawLog(world: PlantedWorld, sessions: number, seed: number): PlantedDraw {
  const attempts = plantLog(world, sessions, seed);
  return { world, attempts, replay: plantedReplay(world, attempts), drawn: sessions, seed };
}

/** The same log for an analyst who takes every attempt for independent: each is a session of its own. */
export function asIndependent(draw: PlantedDraw): PlantedDraw {
  const session = Int32Array.from(draw.replay.session.keys());
  return { ...draw, replay: { ...draw.replay, session, sessions: draw.replay.rows } };
}
