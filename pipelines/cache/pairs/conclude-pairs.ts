import { cacheCandidates } from "../../../datasets/cache-candidates.js";
import { type CachePairRow, cachePairs } from "../../../datasets/cache-pairs.js";
import type {
  CachePairSegment,
  CachePairsResult,
  ImportedCachePairs,
  JudgeAcceptance,
  JudgedCachePairs,
} from "../../../datasets/cache-pairs-result.js";
import { storedFiles } from "../../../datasets/stored-files.js";
import {
  openTables,
  readResult,
  type Workspace,
  writeManifest,
  writeResult,
} from "../../../datasets/workspace.js";
import { toolkitVersion } from "../../ingest/toolkit-version.js";
import { weightedShare } from "../../label/weighted-share.js";
import { type DoubleLabel, judgeAcceptError } from "./judge-accept-error.js";
import { openPairGroups, type PairSegment } from "./open-pair-groups.js";
import { pairNotes } from "./pair-notes.js";
import { type SettledPair, settlePairs } from "./settle-pairs.js";

/** What a stage adds: a run of the judge, or a file. */
export interface ConcludedPart {
  judged?: JudgedCachePairs;
  imported?: ImportedCachePairs;
  seed: number | null;
  seconds: number;
}

/** Sum up everything that the workspace knows of pairs, once the table is written: results/cache_pairs.json, then the manifest. */
export async function concludePairs(workspace: Workspace, part: ConcludedPart): Promise<CachePairsResult> {
  const before = readResult<CachePairsResult>(workspace, "cache_pairs");
  const judged = part.judged ?? before?.judged ?? null;
  const imports = [
    ...(before?.imports ?? []).filter(({ path }) => path !== part.imported?.path),
    ...(part.imported ? [part.imported] : []),
  ];
  const engine = await openTables(workspace);
  const { rows, groups } = await (async () => ({
    rows: await engine.rows<CachePairRow>(`SELECT * FROM ${cachePairs.name} ORDER BY pair_id, judge`),
    groups: await openPairGroups(engine, { floor: judged?.floor ?? null, needsText: judged !== null }),
  }))().finally(() => engine.close());
  const { pairs, doubles } = settlePairs(rows);
  const body = {
    is_simulated: rows.some(({ is_simulated }) => is_simulated),
    segments: groups.segments.map((segment) => concludeSegment(segment, pairs)),
    judged,
    imports,
    judge_error: doubles.length === 0 ? null : toAcceptance(doubles),
  };
  const result: CachePairsResult = { schema_version: 1, ...body, notes: pairNotes(body) };
  writeResult(workspace, "cache_pairs", result);
  writeManifest(workspace, {
    stage: "cache-pairs",
    completed_at: new Date().toISOString(),
    versions: {
      signalbox: toolkitVersion,
      ...(judged ? { run_id: judged.run_id, rubric: judged.rubric } : {}),
    },
    inputs: [
      ...(await storedFiles(workspace, cacheCandidates)),
      ...imports.map(({ path, sha256, bytes }) => ({ path, sha256, bytes })),
    ],
    rows: { cache_pairs: rows.length },
    seed: part.seed,
    seconds: part.seconds,
    notes: result.notes,
  });
  return result;
}

function concludeSegment(
  { segment, requests, above_floor, pairs: distinct }: PairSegment,
  pairs: readonly SettledPair[],
): CachePairSegment {
  const own = pairs.filter((pair) => pair.segment === segment);
  const count = (verdict: string) => own.filter((pair) => pair.verdict === verdict).length;
  return {
    segment,
    requests,
    above_floor,
    share_above_floor: above_floor / requests,
    pairs: distinct,
    same: count("same"),
    different: count("different"),
    cannot_tell: count("cannot_tell"),
    wrong_share: wrongShare(own),
  };
}

function wrongShare(pairs: readonly SettledPair[]): CachePairSegment["wrong_share"] {
  const share = weightedShare(
    pairs
      .filter(({ is_sampled }) => is_sampled)
      .map(({ verdict, inclusion_probability, entry_id }) => ({
        value: Number(verdict !== "same"),
        weight: 1 / inclusion_probability,
        cluster: entry_id,
      })),
  );
  return share && { ...share, method: "labelled pairs; weighted share, 95 %, clustered by entry" };
}

function toAcceptance(rows: readonly DoubleLabel[]): JudgeAcceptance {
  const error = judgeAcceptError(rows);
  return {
    doubles: error.doubles,
    different_by_human: error.differentByHuman,
    false_accepts: error.falseAccepts,
    phi: error.phi,
    phi_high_90: error.phiHigh(0.9),
    phi_high_95: error.phiHigh(0.95),
    same_by_human: error.sameByHuman,
    false_rejects: error.falseRejects,
    rho:
      error.rho === null
        ? null
        : { ...error.rho, method: "counted on double labels; Clopper-Pearson 95 %", n: error.sameByHuman },
  };
}
