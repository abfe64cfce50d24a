import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { prepareReport } from "../../reports/prepare-report.js";
import { reportSchemaText } from "../../scripts/docs/schema/report-schema.js";
import { hostileDocuments, noDocuments, realisticDocuments, workspaceOf } from "../reports/fixtures.js";

describe("docs/report-schema.json", () => {
  const schema = reportSchemaText();
  const ajv = new Ajv2020({ strict: false, formats: { "date-time": true } });
  const validate = ajv.compile(JSON.parse(schema));
  const reportOf = (documents: ReturnType<typeof realisticDocuments>) =>
    JSON.parse(prepareReport(workspaceOf(documents)).json);

  it("is what the generator writes (npm run docs)", () => {
    expect(readFileSync("docs/report-schema.json", "utf8")).toBe(schema);
  });

  it.each([
    ["every stage", realisticDocuments()],
    ["hostile names", hostileDocuments()],
    ["no stage", noDocuments],
  ])("accepts the report of %s", (_, documents) => {
    validate(reportOf(documents));
    expect(validate.errors).toBeNull();
  });

  it("accepts a redacted report", () => {
    validate(JSON.parse(prepareReport(workspaceOf(realisticDocuments()), { isRedacted: true }).json));
    expect(validate.errors).toBeNull();
  });

  it.each<[string, (report: ReturnType<typeof reportOf>) => void]>([
    ["a sum that is a text", (report) => Object.assign(report.documents.audit.billed, { usd: "1" })],
    ["an estimate without its n", (report) => delete report.documents.simulate.traffic.strategies[0].usd.n],
    [
      "a word for how sure a figure is that isn't one",
      (report) => Object.assign(report.documents.audit.waste[0], { evidence: "sure" }),
    ],
    ["another version", (report) => Object.assign(report, { schema_version: 2 })],
    ["a document that is missing, not null", (report) => delete report.documents.shadow],
  ])("refuses %s", (_, damage) => {
    const report = reportOf(realisticDocuments());
    damage(report);
    expect(validate(report)).toBe(false);
  });
});
