import { describe, expect, it } from "vitest";
import { cascadeSection } from "../../reports/page/cascade.js";
import { redactDocuments } from "../../reports/redact/redact-documents.js";
import { cascadeDocument, verificationDocument } from "./cascade-documents.js";
import { noDocuments, realisticDocuments } from "./fixtures.js";

const textOf = (documents: Partial<ReturnType<typeof realisticDocuments>>) =>
  JSON.stringify(cascadeSection({ ...realisticDocuments(), ...documents })).replaceAll("\u00a0", " ");

describe("the section on cascades", () => {
  it("names the command while there is no document", () => {
    expect(JSON.stringify(cascadeSection(noDocuments))).toContain("signalbox simulate --workspace DIR");
  });

  it("shows the gate with its doubt, each strategy, a setting and the claims beside the own figures", () => {
    const text = textOf({});
    expect(text).toContain("The gate accepts 92.0 % (95 % interval 87.3 % to 95.4 %) of good answers");
    expect(text).toContain("Cascade: small first, on every call");
    expect(text).toContain("upper limit");
    expect(text).toContain("recommended");
    expect(text).toContain("published claim");
    expect(text).toContain("30.0 % to 50.0 %");
    expect(text).toContain("nobody ran them");
  });

  it("says that there is no measured gate, and how to get one", () => {
    const text = textOf({ cascade: cascadeDocument({}), verification: verificationDocument({}) });
    expect(text).toContain("No measured gate");
    expect(text).toContain("label calibrate");
    expect(text).toContain("how often the verifier errs has not been measured");
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
  });

  it("shows what a verification pass costs, catches and is worth", () => {
    const text = textOf({});
    expect(text).toContain("Pays where an uncaught error costs more than");
    expect(text).toContain("Net worth at $5.00 an error");
    expect(text).toContain("x 1.5 is a published figure");
  });

  it("keeps its figures and models when names are redacted", () => {
    const documents = realisticDocuments();
    const hidden = redactDocuments(documents, () => "hidden");
    expect(hidden.cascade).toEqual(documents.cascade);
    expect(hidden.verification).toEqual(documents.verification);
  });
});
