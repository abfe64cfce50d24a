import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ArtifactManifest, type GoldenRow, loadRouter, type Policy } from "@signalbox/runtime";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { InputError } from "../../../datasets/errors.js";
import { revisePolicy } from "../../../pipelines/export/revise-policy.js";
import { makeSigningKeys, signArtifact } from "../../../pipelines/export/sign-artifact.js";
import { writeRandomArtifact } from "../../../scripts/bench/random-artifact.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-revise-"));
const exported = join(root, "exported");
const first = "random-00000000";
let folder: string;
let copies = 0;

beforeAll(() => {
  writeRandomArtifact(join(exported, first), { hidden: 2 });
  writeFileSync(join(exported, "latest.json"), JSON.stringify({ artifact_id: first, path: first }));
});
beforeEach(() => {
  folder = join(root, `copy-${++copies}`);
  cpSync(exported, folder, { recursive: true });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const disabled = (policy: Policy): Policy => ({ ...policy, enabled: false });
const read = <T>(...path: string[]) => JSON.parse(readFileSync(join(...path), "utf8")) as T;
const latest = () => read<{ artifact_id: string }>(folder, "latest.json").artifact_id;

/** Every file of an artifact as it is. */
function filesOf(path: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(path).map((name) => [name, readFileSync(join(path, name), "base64")]),
  );
}

describe("revisePolicy", () => {
  test("writes a new artifact beside the old one, which stays as it was, and points latest.json to it", async () => {
    const before = filesOf(join(folder, first));
    const revised = await revisePolicy({ artifact: folder, change: disabled, note: "pause" });
    expect(revised.path).toBe(join(folder, revised.id));
    expect(revised).toMatchObject({ of: first, changed: ["enabled: true -> false"], lost_signature: false });
    expect(filesOf(join(folder, first))).toEqual(before);
    expect(latest()).toBe(revised.id);
    const router = await loadRouter(folder);
    expect(router.decide({ prompt: "hello" }).reasons).toEqual(["disabled:policy"]);
    const after = filesOf(revised.path);
    expect(after["model.onnx"]).toBe(before["model.onnx"]);
    expect(read<ArtifactManifest>(revised.path, "manifest.json")).toMatchObject({
      artifact_id: revised.id,
      revision: { of: first, note: "pause", changed: ["enabled: true -> false"] },
    });
    expect(readFileSync(join(revised.path, "README.md"), "utf8")).toContain(
      `**Policy revised from ${first}**`,
    );
  });

  test("decides the golden rows anew, and says how many of them move", async () => {
    const never = (policy: Policy): Policy => ({
      ...policy,
      thresholds: Object.fromEntries(
        Object.entries(policy.thresholds).map(([model, threshold]) => [
          model,
          { ...threshold, min_sufficiency: null },
        ]),
      ),
    });
    const models = (path: string) =>
      readFileSync(join(path, "golden.jsonl"), "utf8")
        .trim()
        .split("\n")
        .map((line) => (JSON.parse(line) as GoldenRow).model);
    const cheaper = models(join(folder, first)).filter((model) => model !== "large").length;
    expect(cheaper).toBeGreaterThan(0);
    const revised = await revisePolicy({ artifact: folder, change: never, note: "strong only" });
    expect(revised.golden_moved).toBe(cheaper);
    expect(new Set(models(revised.path))).toEqual(new Set(["large"]));
  });

  test("going back makes a third artifact that decides as the first did", async () => {
    const second = await revisePolicy({ artifact: folder, change: disabled, note: "pause" });
    const third = await revisePolicy({
      artifact: folder,
      change: (policy) => ({ ...policy, enabled: true }),
      note: "resume",
    });
    expect(new Set([first, second.id, third.id]).size).toBe(3);
    expect(latest()).toBe(third.id);
    expect(read<Policy>(third.path, "policy.json")).toEqual(read<Policy>(folder, first, "policy.json"));
  });

  test("a change that changes nothing writes nothing", async () => {
    const before = readdirSync(folder);
    const same = await revisePolicy({ artifact: folder, change: (policy) => policy, note: "" });
    expect(same).toMatchObject({ id: first, path: join(folder, first), changed: [] });
    expect(readdirSync(folder)).toEqual(before);
  });

  test("a signature isn't carried over, and the new artifact says so", async () => {
    writeFileSync(join(folder, first, "manifest.sig"), "signature");
    const revised = await revisePolicy({ artifact: folder, change: disabled, note: "pause" });
    expect(revised.lost_signature).toBe(true);
    expect(existsSync(join(revised.path, "manifest.sig"))).toBe(false);
    expect(readFileSync(join(revised.path, "README.md"), "utf8")).toContain("isn't carried over");
  });

  test("with the key the new artifact is signed before latest.json names it", async () => {
    const { private_key, public_key_base64 } = makeSigningKeys(join(root, `key-${copies}.pem`));
    await signArtifact(folder, private_key);
    const revised = await revisePolicy({
      artifact: folder,
      change: disabled,
      note: "pause",
      signingKey: private_key,
    });
    expect(revised.lost_signature).toBe(false);
    expect((await loadRouter(folder, { verify: public_key_base64 })).artifact).toBe(revised.id);
    const elsewhere = revisePolicy({
      artifact: folder,
      change: disabled,
      note: "",
      signingKey: join(root, "none"),
    });
    await expect(elsewhere).rejects.toThrow(/none: can't be read; name a key file/);
  });

  test("an artifact that latest.json has left behind isn't revised by its own name", async () => {
    const { id } = await revisePolicy({ artifact: folder, change: disabled, note: "pause" });
    const again = revisePolicy({ artifact: join(folder, first), change: disabled, note: "pause" });
    await expect(again).rejects.toThrow(new RegExp(`latest.json beside it names ${id}.*name .* to revise`));
    expect(latest()).toBe(id);
  });

  test.each<[string, (policy: Policy) => Policy, RegExp]>([
    ["no models", (policy) => ({ ...policy, models: [] }), /the changed policy: models is not usable/],
    [
      "a switch that is no switch",
      (policy) => ({ ...policy, enabled: "no" as unknown as boolean }),
      /enabled is not usable: "no"$/,
    ],
  ])("refuses %s, and leaves everything as it was", async (_, change, message) => {
    const before = readdirSync(folder);
    const refused = revisePolicy({ artifact: folder, change, note: "" });
    await expect(refused).rejects.toThrow(InputError);
    await expect(refused).rejects.toThrow(message);
    expect(readdirSync(folder)).toEqual(before);
    expect(latest()).toBe(first);
  });

  test("a change that moves the model's probabilities is refused", async () => {
    const narrow = (policy: Policy): Policy => ({
      ...policy,
      dense_range: {
        low: policy.dense_range!.low,
        high: policy.dense_range!.high.map(() => 0),
      },
    });
    const before = readdirSync(folder);
    await expect(revisePolicy({ artifact: folder, change: narrow, note: "" })).rejects.toThrow(
      /probabilities/,
    );
    expect(readdirSync(folder)).toEqual(before);
  });

  test("a damaged artifact isn't revised", async () => {
    writeFileSync(join(folder, first, "policy.json"), "{}");
    await expect(revisePolicy({ artifact: folder, change: disabled, note: "" })).rejects.toThrow(/sha256/);
  });

  test("two at once: one waits its turn by failing, and nothing is lost", async () => {
    const share = (policy: Policy): Policy => ({ ...policy, ramp: { share: 0.25, salt: "s" } });
    const results = await Promise.allSettled([
      revisePolicy({ artifact: folder, change: disabled, note: "one" }),
      revisePolicy({ artifact: folder, change: share, note: "two" }),
    ]);
    const done = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    const refused = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
    expect(done).toHaveLength(1);
    expect(String(refused[0])).toMatch(/being written by process/);
    expect(latest()).toBe(done[0]!.id);
    expect(readdirSync(folder).filter((name) => /tmp|lock/.test(name))).toEqual([]);
  });
});
