import { describe, expect, it } from "vitest";
import { buildReport } from "../../reports/build-report.js";
import { tableFiles } from "../../reports/formats/table-files.js";
import { prepareReport } from "../../reports/prepare-report.js";
import { replaceNames } from "../../reports/redact/replace-names.js";
import { realisticDocuments, workspaceOf } from "./fixtures.js";

function secretDocuments() {
  const documents = realisticDocuments();
  documents.audit!.by_app[0]!.key = "AcmeSupportBot";
  documents.audit!.by_api_key = [{ ...documents.audit!.by_app[0]!, key: "key-of-jane" }];
  documents.simulate!.traffic!.by_app[0]!.app = "AcmeSupportBot";
  documents.frontier!.matrix[0]!.app = "AcmeSupportBot";
  documents.frontier!.points.find(({ by_app: apps }) => apps !== null)!.by_app![0]!.app = "AcmeSupportBot";
  documents.sensitivity!.mix!.worst[0]!.towards = { app: "AcmeSupportBot", tier: 1 };
  documents.sensitivity!.mix!.without_app[0]!.app = "AcmeSupportBot";
  documents.simulate!.notes.push("AcmeSupportBot has few calls; see /srv/acme/logs.jsonl.");
  documents.ingest!.files[0]!.path = "/srv/acme/logs.jsonl";
  documents.ingest!.reasons[0]!.example = "jane.doe@acme.example wrote";
  documents.drift!.columns[0]!.bins[0]!.bin = "AcmeSupportBot";
  documents.ope!.target = "/srv/acme/stricter.jsonl";
  documents.pricing!.plans.path = "/srv/acme/plans.json";
  documents.actions!.actions[0]!.detail = "AcmeSupportBot repeats itself.";
  documents.model!.slices!.rows[0]!.dimension = "group";
  documents.model!.slices!.rows[0]!.slice = "AcmeSupportBot";
  documents.audit!.by_model[0]!.key = "ft:gpt-4o:acmecorp::a1";
  documents.manifests[0]!.inputs = [{ path: "/srv/acme/logs.jsonl", sha256: "00", bytes: 1 }];
  return documents;
}

describe("a redacted report", () => {
  const workspace = workspaceOf(secretDocuments());

  it("holds none of the names in any form, and the same figures", async () => {
    const { html, markdown, json } = await buildReport(workspace, { isRedacted: true });
    const { content } = prepareReport(workspace, { isRedacted: true });
    const tables = tableFiles(content).map(({ text }) => text);
    for (const text of [html, markdown, json, ...tables]) {
      expect(text).not.toMatch(/AcmeSupportBot|key-of-jane|jane\.doe|srv\/acme|acmecorp|logs\.jsonl/);
    }
    expect(markdown).toContain("$18,412.37");
    expect(markdown).toContain("ft:gpt-4o:(owner)::a1");
  });

  it("holds all of them when it isn't redacted", async () => {
    const { json } = await buildReport(workspace);
    for (const name of ["AcmeSupportBot", "key-of-jane", "jane.doe", "/srv/acme/logs.jsonl", "acmecorp"]) {
      expect(json).toContain(name);
    }
  });

  it("calls one name by one placeholder, which another workspace doesn't share", () => {
    const nameIn = (documents: ReturnType<typeof secretDocuments>) => documents.audit!.by_app[0]!.key;
    const own = prepareReport(workspace, { isRedacted: true }).documents;
    expect(nameIn(own)).toMatch(/^app-[0-9a-f]{8}$/);
    expect(own.simulate!.traffic!.by_app[0]!.app).toBe(nameIn(own));
    expect(own.simulate!.notes.at(-1)).toContain(`${nameIn(own)} has few calls; see file-`);
    const other = prepareReport(workspaceOf(secretDocuments()), { isRedacted: true }).documents;
    expect(nameIn(other)).not.toBe(nameIn(own));
  });
});

describe("names in a sentence", () => {
  const names = new Map([
    ["chat", "app-1"],
    ["chat-eu", "app-2"],
    ["a.b", "app-3"],
    ["ai", "app-4"],
  ]);
  it.each([
    ["chat is large", "app-1 is large"],
    ["chat-eu is small", "app-2 is small"],
    ["chatter stays", "chatter stays"],
    ["a.b, not aXb", "app-3, not aXb"],
    ["openai said ai", "openai said ai"],
  ])("%s", (text, replaced) => {
    expect(replaceNames(text, names)).toBe(replaced);
  });
});
