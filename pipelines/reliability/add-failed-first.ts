import { jointFailure } from "../../models/reliability/joint-failure.js";
import { isRetryable } from "./error-classes.js";
import type { Gathering } from "./gather-sums.js";
import { relations } from "./sum-layout.js";

/** Add what a request says whose first attempt failed: what its own later attempts did, and what other requests met at that time. */
export function addFailedFirst(gathering: Gathering, request: number): void {
  const { replay, classOf, grouped, layout, sums } = gathering;
  const first = grouped.order[grouped.starts[request]!]!;
  sums.add(layout.failedFirst + replay.served[first]! * layout.classes + classOf[first]!, first, 1);
  addFollowers(gathering, request, first);
  if (!isRetryable(classOf[first]!)) return;
  addAround(gathering, first);
  gathering.plans.forEach((_, chain) => {
    addJoint(gathering, chain, first);
  });
}

function addFollowers(gathering: Gathering, request: number, first: number): void {
  const { replay, classOf, grouped, layout, sums, relationOf } = gathering;
  const start = grouped.starts[request]!;
  const tries = grouped.starts[request + 1]! - start;
  if (tries < 2) return;
  const second = grouped.order[start + 1]!;
  const pause = (replay.createdAt[second]! - replay.createdAt[first]!) / 1000 - replay.latency[first]!;
  if (Number.isFinite(pause)) {
    sums.add(layout.pauseMs, first, Math.max(0, pause));
    sums.add(layout.pauses, first, 1);
  }
  if (replay.served[second]! < 0) return;
  const relation = relationOf(replay.served[first]!, replay.served[second]!);
  const place = classOf[first]! * relations.length + relation;
  sums.add(layout.second + place, first, 1);
  sums.add(layout.secondFailed + place, first, 1 - replay.isSuccess[second]!);
  if (tries < 3 || replay.isSuccess[second] === 1 || !isRetryable(classOf[second]!)) return;
  const third = grouped.order[start + 2]!;
  if (replay.served[third]! < 0) return;
  const next = relationOf(replay.served[second]!, replay.served[third]!);
  sums.add(layout.third + next, first, 1);
  sums.add(layout.thirdFailed + next, first, 1 - replay.isSuccess[third]!);
}

/** Error rates of all models in the window of the failure, the request itself left out. */
function addAround({ replay, windows, layout, sums, relationOf }: Gathering, first: number): void {
  const model = replay.served[first]!;
  const start = windows.windowOf[first]! * layout.models;
  for (let other = 0; other < layout.models; other++) {
    const own = Number(other === model);
    const attempts = windows.attempts[start + other]! - own;
    if (attempts < 1) continue;
    const relation = relationOf(model, other);
    sums.add(layout.around + relation, first, (windows.failures[start + other]! - own) / attempts);
    sums.add(layout.arounds + relation, first, 1);
  }
}

/** Probability that a chain's first one, two, three further attempts in this window all fail. */
function addJoint(gathering: Gathering, chain: number, first: number): void {
  const { replay, classOf, plans, windows, layout, sums } = gathering;
  const model = replay.served[first]!;
  const { from, targets } = plans[chain]!;
  if (from !== null && from !== model) return;
  const steps = targets(model, classOf[first]!);
  const start = windows.windowOf[first]! * layout.models;
  const jointOf = (depth: number): number => {
    let joint = 1;
    for (let other = 0; other < layout.models; other++) {
      let asked = 0;
      for (let step = 0; step < depth; step++) asked += Number(steps[step] === other);
      const own = Number(other === model);
      const attempts = windows.attempts[start + other]! - own;
      const failures = windows.failures[start + other]! - own;
      if (asked > 0) joint *= jointFailure({ attempts, failures }, asked);
    }
    return joint;
  };
  let before = 1;
  for (let step = 0; step < steps.length; step++) {
    const joint = jointOf(step + 1);
    if (Number.isNaN(joint)) return;
    sums.add(layout.joint[chain]! + step, first, joint);
    sums.add(layout.jointBefore[chain]! + step, first, before);
    sums.add(layout.joints[chain]! + step, first, 1);
    before = joint;
  }
}
