import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openLineLog } from "../src/log/file-log.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "signalbox-line-log-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("a file log", () => {
  test("writes one line per record, in order", async () => {
    const path = join(folder, "log.jsonl");
    const log = openLineLog<{ n: number }>(path);
    for (let n = 0; n < 500; n++) log.write({ n });
    await log.flush();
    expect(readFileSync(path, "utf8")).toBe(Array.from({ length: 500 }, (_, n) => `{"n":${n}}\n`).join(""));
    expect(log.counts()).toEqual({ recorded: 500, lost: 0 });
  });

  test("goes on when the disk does, and a line that was torn swallows none", async () => {
    const path = join(folder, "log.jsonl");
    const log = openLineLog<number>(path);
    mkdirSync(path);
    log.write(1);
    await log.flush();
    renameSync(path, join(folder, "aside"));
    appendFileSync(path, '{"torn');
    log.write(2);
    log.write(3);
    await log.flush();
    expect(readFileSync(path, "utf8")).toBe('{"torn\n2\n3\n');
    expect(log.counts()).toEqual({ recorded: 2, lost: 1 });
  });

  test("loses what comes on top of 10,000 waiting records, and counts it", async () => {
    const log = openLineLog<number>(join(folder, "log.jsonl"));
    for (let n = 0; n < 10_050; n++) log.write(n);
    expect(log.counts().lost).toBe(50);
    await log.flush();
    expect(log.counts()).toEqual({ recorded: 10_000, lost: 50 });
  });

  test("loses a record that isn't JSON alone", async () => {
    const log = openLineLog<unknown>(join(folder, "log.jsonl"));
    const cyclic: unknown[] = [];
    cyclic.push(cyclic);
    for (const record of [1, cyclic, 2n, 3]) log.write(record);
    await log.flush();
    expect(log.counts()).toEqual({ recorded: 2, lost: 2 });
  });
});

describe("a sink", () => {
  test("that promises is waited for by flush", async () => {
    let release = () => {};
    const taken = new Promise<void>((resolve) => {
      release = resolve;
    });
    const log = openLineLog<number>(() => taken);
    log.write(1);
    expect(log.counts()).toEqual({ recorded: 0, lost: 0 });
    release();
    await log.flush();
    expect(log.counts()).toEqual({ recorded: 1, lost: 0 });
  });

  test("that throws or rejects loses its record and nothing else", async () => {
    const log = openLineLog<number>((n) => {
      if (n === 1) throw new Error("planted");
      return n === 2 ? Promise.reject(new Error("planted")) : undefined;
    });
    for (const n of [1, 2, 3]) log.write(n);
    await log.flush();
    expect(log.counts()).toEqual({ recorded: 1, lost: 2 });
  });
});
