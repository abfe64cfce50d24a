import { spawn, spawnSync } from "node:child_process";
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { createRandom } from "../../datasets/random.js";
import type { IngestResult } from "../../datasets/results.js";
import {
  openOrCreateWorkspace,
  openWorkspace,
  readResult,
  type Workspace,
} from "../../datasets/workspace.js";
import { ingest } from "../../pipelines/ingest/ingest.js";
import {
  type PlantedRecord,
  plantLog,
  writePlantedFile,
  writePlantedMapping,
} from "../support/planted-attempts.js";
import { readTable } from "../support/read-table.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-crash-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const runner = fileURLToPath(new URL("../support/run-typescript.mjs", import.meta.url));
const child = fileURLToPath(new URL("../support/ingest-in-child.ts", import.meta.url));

/** Small enough that every file is a commit. */
const batchBytes = 1_000;

/** Run the ingest in a process of its own, and kill it so many milliseconds after it began.
 * @returns whether it was killed, and how long it took */
function ingestInChild(
  args: readonly string[],
  killAfterMs: number | null,
): Promise<{ killed: boolean; ms: number }> {
  return new Promise((resolve, reject) => {
    const started = spawn(process.execPath, [runner, child, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let begin = 0;
    let errors = "";
    started.stderr.on("data", (text) => {
      errors += text;
    });
    started.stdout.once("data", () => {
      begin = performance.now();
      if (killAfterMs !== null) setTimeout(() => started.kill("SIGKILL"), killAfterMs);
    });
    started.on("close", (code, signal) => {
      if (code !== 0 && signal !== "SIGKILL") reject(new Error(errors));
      else resolve({ killed: signal === "SIGKILL", ms: performance.now() - begin });
    });
  });
}

/** Everything that must not depend on where a process died. */
async function contents(workspace: Workspace): Promise<unknown> {
  return {
    result: readResult<IngestResult>(workspace, "ingest")!,
    requests: await readTable(workspace, "SELECT * FROM requests ORDER BY request_id, attempt_no"),
    quarantine: await readTable(workspace, "SELECT * FROM quarantine ORDER BY ALL"),
    links: await readTable(workspace, "SELECT * FROM attempt_links ORDER BY ALL"),
  };
}

/** A log in files of which later ones bring other versions of earlier rows. */
function writeLog(folder: string, seed: number, requests = 600): string[] {
  const random = createRandom(seed);
  const files = Array.from({ length: 6 }, () => [] as PlantedRecord[]);
  for (const record of random.shuffle(plantLog(seed, requests).records)) random.pick(files).push(record);
  return files.map((records, i) => writePlantedFile(join(folder, `part${i}.jsonl`), records));
}

describe("an ingest that is killed", () => {
  test.each([1, 2])(
    "at random moments, again and again, ends with the tables of an undisturbed one (seed %i)",
    async (seed) => {
      const folder = join(root, `seed${seed}`);
      mkdirSync(folder);
      const map = writePlantedMapping(folder);
      const paths = writeLog(folder, seed);
      const undisturbed = openOrCreateWorkspace(join(folder, "undisturbed"));
      const killed = join(folder, "killed");
      mkdirSync(killed);
      copyFileSync(join(undisturbed.path, "workspace.json"), join(killed, "workspace.json"));
      const { ms } = await ingestInChild([undisturbed.path, map, String(batchBytes), ...paths], null);

      const random = createRandom(seed);
      const args = [killed, map, String(batchBytes), ...paths];
      let kills = 0;
      for (let tries = 0; tries < 3; tries++)
        if ((await ingestInChild(args, random.uniform() * ms * 0.7)).killed) kills += 1;
      expect(kills).toBeGreaterThan(0);
      await ingestInChild(args, null);

      const workspace = openWorkspace(killed);
      expect(await contents(workspace)).toEqual(await contents(undisturbed));
      expect(readdirSync(join(killed, "tmp"))).toEqual([]);
      expect(existsSync(join(killed, "ingest.journal.json"))).toBe(false);
    },
    300_000,
  );

  test("at any step of a commit that changes earlier files, loses nothing and doubles nothing", async () => {
    const folder = join(root, "steps");
    mkdirSync(folder);
    const map = writePlantedMapping(folder);
    const log = plantLog(7, 60);
    const older = log.attempts.map((record) => ({ ...record, updated: record.at }));
    const first = writePlantedFile(join(folder, "older.jsonl"), older);
    const second = writePlantedFile(join(folder, "newer.jsonl"), log.attempts);
    const undisturbed = openOrCreateWorkspace(join(folder, "undisturbed"));
    await ingest(undisturbed, [first], { map });
    await ingest(undisturbed, [second], { map });
    const whole = await contents(undisturbed);
    for (let step = 0, died = true; died; step++) {
      const path = join(folder, `killed${step}`);
      mkdirSync(path);
      copyFileSync(join(undisturbed.path, "workspace.json"), join(path, "workspace.json"));
      const workspace = openWorkspace(path);
      await ingest(workspace, [first], { map });
      let seen = 0;
      died = await ingest(workspace, [second], {
        map,
        onProgress: ({ label }) => {
          if (label === "storing" && seen++ === step) throw new Error("killed");
        },
      }).then(
        () => false,
        () => true,
      );
      await ingest(workspace, [second], { map });
      expect(await contents(workspace)).toEqual(whole);
    }
    expect((whole as { result: IngestResult }).result.totals).toEqual({
      read: 2 * log.attempts.length,
      accepted: log.attempts.length,
      quarantined: 0,
      duplicates: log.attempts.length,
      skipped: 0,
    });
  }, 120_000);
});

describe("a disk that refuses", () => {
  test("ends with one line that says so, and the next run takes up from there", async ({ skip }) => {
    const folder = join(root, "full");
    mkdirSync(folder);
    const map = writePlantedMapping(folder);
    const paths = writeLog(folder, 3, 1_800);
    const path = join(folder, "ws");
    // A limit on the size of files, here 24 KB, stands for a full disk: the system refuses writes half-way.
    const limited = spawnSync(
      "bash",
      [
        "-c",
        `trap '' XFSZ; ulimit -f 24; exec "$@"`,
        "bash",
        process.execPath,
        runner,
        child,
        path,
        map,
        "1000",
        ...paths,
      ],
      { encoding: "utf8" },
    );
    if (limited.error) skip("no bash to limit the size of files with");
    expect(limited.status).toBe(1);
    expect(limited.stderr.trim()).toMatch(/File too large|can't be written|Could not write/i);
    const workspace = openWorkspace(path);
    const result = await ingest(workspace, paths, { map });
    const reference = openOrCreateWorkspace(join(folder, "reference"));
    expect(result.totals).toEqual((await ingest(reference, paths, { map })).totals);
    expect(readdirSync(join(path, "tmp"))).toEqual([]);
  }, 120_000);

  test("to be written at all is named before anything is read", async ({ skip }) => {
    const folder = join(root, "readonly");
    mkdirSync(folder);
    const workspace = openOrCreateWorkspace(join(folder, "ws"));
    const bind = spawnSync("mount", ["--bind", "-o", "ro", workspace.path, workspace.path]);
    const remount = spawnSync("mount", ["-o", "remount,bind,ro", workspace.path]);
    if (bind.status !== 0 || remount.status !== 0) skip("no right to mount a read-only folder");
    try {
      const map = writePlantedMapping(folder);
      const path = writePlantedFile(join(folder, "a.jsonl"), plantLog(1, 5).records);
      await expect(ingest(workspace, [path], { map })).rejects.toThrow(/can't be written/);
    } finally {
      spawnSync("umount", [workspace.path]);
    }
  });
});

describe("a log that grows", () => {
  test("while it is read, and again between runs, is counted once", async () => {
    const folder = join(root, "grows");
    mkdirSync(folder);
    const map = writePlantedMapping(folder);
    const { attempts } = plantLog(5, 400);
    const path = writePlantedFile(join(folder, "growing.jsonl"), attempts.slice(0, 200));
    const workspace = openOrCreateWorkspace(join(folder, "ws"));
    const append = (from: number, to: number) =>
      appendFileSync(
        path,
        `${attempts
          .slice(from, to)
          .map((record) => JSON.stringify(record))
          .join("\n")}\n`,
      );
    let grown = false;
    await ingest(workspace, [path], {
      map,
      onProgress: ({ label }) => {
        if (label.startsWith("reading") && !grown) {
          grown = true;
          append(200, 250);
        }
      },
    });
    append(250, attempts.length);
    await ingest(workspace, [path], { map });
    const [rows] = await readTable<{ n: number; ids: number }>(
      workspace,
      "SELECT count(*) AS n, count(DISTINCT request_id) AS ids FROM requests",
    );
    expect(rows).toEqual({ n: attempts.length, ids: attempts.length });
    const { totals } = readResult<IngestResult>(workspace, "ingest")!;
    expect(totals.accepted).toBe(attempts.length);
    expect(totals.read).toBe(totals.accepted + totals.duplicates);
  });
});
