import { describe, expect, test } from "vitest";
import { anonymisedTraceSource } from "../../../datasets/sources/anonymised-trace.js";
import { checkMapping } from "../../../datasets/sources/mapping/check-mapping.js";
import { mappingSource } from "../../../datasets/sources/mapping/mapping-source.js";
import { draftOf, mapRecords } from "../../support/map-records.js";

describe("anonymisedTraceSource", () => {
  test.each([
    [
      "Azure's trace",
      { TIMESTAMP: "2023-11-16 18:17:03.9799600", ContextTokens: "4808", GeneratedTokens: "10" },
      "ContextTokens",
    ],
    [
      "Mooncake's",
      { timestamp: 27482, input_length: 6955, output_length: 52, hash_ids: [46] },
      "input_length",
    ],
  ])("quarantines %s with the mapping that would make it rows", (_, line, field) => {
    expect(anonymisedTraceSource.score(line)).toBe(0.9);
    const [mapped] = mapRecords(anonymisedTraceSource, [line]);
    expect(mapped).toMatchObject({ kind: "quarantined", reason: "missing_model" });
    expect(mapped).toHaveProperty("detail", expect.stringContaining("mapping file"));
    expect(mapped).toHaveProperty("detail", expect.stringContaining(field));
  });

  test("is right about the mapping files", () => {
    const mapped = (fields: object, line: unknown) =>
      draftOf(mappingSource(checkMapping({ name: "trace", fields }, "trace.json")), line);
    const model = { value: "gpt-4o" };
    expect(
      mapped(
        { model, created_at: "TIMESTAMP", input_tokens: "ContextTokens", output_tokens: "GeneratedTokens" },
        { TIMESTAMP: "2023-11-16 18:17:03.9799600", ContextTokens: "4808", GeneratedTokens: "10" },
      ),
    ).toMatchObject({
      modelServed: "gpt-4o",
      createdAt: Date.UTC(2023, 10, 16, 18, 17, 3, 979) * 1000 + 960,
      usage: { inputUncached: 4808, outputText: 10 },
    });
    expect(
      mapped(
        {
          model,
          created_at: { path: "timestamp", unit: "ms", since: "2024-05-01" },
          input_tokens: "input_length",
          output_tokens: "output_length",
        },
        { timestamp: 27482, input_length: 6955, output_length: 52, hash_ids: [46] },
      ),
    ).toMatchObject({
      createdAt: Date.UTC(2024, 4, 1, 0, 0, 27, 482) * 1000,
      usage: { inputUncached: 6955 },
    });
  });

  test("leaves tables alone that name a model", () => {
    for (const column of ["model", "model_name", "Model"])
      expect(
        anonymisedTraceSource.score({ timestamp: 1, input_length: 2, output_length: 3, [column]: "m" }),
      ).toBe(0);
  });
});
