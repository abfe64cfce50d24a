import { describe, expect, test } from "vitest";
import { azureOpenaiSource } from "../../../datasets/sources/azure-openai.js";
import { draftOf, mapRecords } from "../../support/map-records.js";

// 2026-07-01T09:15:00Z in ticks of 100 ns since the year 1.
const ticks = 621_355_968_000_000_000n + BigInt(Date.UTC(2026, 6, 1, 9, 15)) * 10_000n;
const properties = {
  apiName: "Azure OpenAI API version 2024-10-21",
  requestTime: String(ticks),
  requestLength: 412,
  responseTime: String(ticks + 22_210_000n),
  responseLength: 1180,
  objectId: "11111111-2222-3333-4444-555555555555",
  streamType: "Non-Streaming",
  modelDeploymentName: "chat-prod",
  modelName: "gpt-4o",
  modelVersion: "2024-08-06",
};
const record = {
  time: "2026-07-01T09:15:02.3410000Z",
  resourceId: "/SUBSCRIPTIONS/S/RESOURCEGROUPS/G/PROVIDERS/MICROSOFT.COGNITIVESERVICES/ACCOUNTS/MY-AOAI",
  category: "RequestResponse",
  operationName: "ChatCompletions_Create",
  durationMs: 2221,
  resultSignature: "200",
  correlationId: "c-1",
  properties: JSON.stringify(properties),
};

describe("azureOpenaiSource", () => {
  test("maps a record; it has a time in ticks, and no tokens", () => {
    expect(draftOf(azureOpenaiSource, record)).toMatchObject({
      id: "c-1",
      user: properties.objectId,
      endpoint: "chat",
      provider: "azure",
      createdAt: Date.UTC(2026, 6, 1, 9, 15) * 1000,
      latencyMs: 2221,
      modelRequested: "chat-prod",
      modelServed: "gpt-4o-2024-08-06",
      httpStatus: 200,
      status: "ok",
      isStream: false,
      usage: null,
      prompt: null,
      costReportedUsd: null,
    });
  });

  test("takes the record's time less the length where the ticks are of another year", () => {
    const odd = { ...record, properties: { ...properties, requestTime: 638554221000000000 } };
    expect(draftOf(azureOpenaiSource, odd).createdAt).toBe(Date.UTC(2026, 6, 1, 9, 15, 0, 120) * 1000);
  });

  test("reads the AzureDiagnostics table and a query's answer", () => {
    const row = {
      TimeGenerated: "2026-07-01T09:15:02.341Z",
      Category: "RequestResponse",
      OperationName: "Embeddings_Create",
      ResourceProvider: "MICROSOFT.COGNITIVESERVICES",
      DurationMs: "35",
      ResultSignature: "200",
      CorrelationId: "c-2",
      properties_s: JSON.stringify({
        modelDeploymentName: "embed",
        modelName: "text-embedding-3-small",
        modelVersion: "1",
      }),
    };
    const answer = {
      tables: [
        {
          name: "PrimaryResult",
          columns: Object.keys(row).map((name) => ({ name, type: "string" })),
          rows: [Object.values(row)],
        },
      ],
    };
    for (const line of [row, answer])
      expect(draftOf(azureOpenaiSource, line)).toMatchObject({
        id: "c-2",
        endpoint: "embeddings",
        latencyMs: 35,
        modelServed: "text-embedding-3-small",
        createdAt: Date.UTC(2026, 6, 1, 9, 15, 2, 306) * 1000,
      });
  });

  test.each([
    ["429", "rate_limit"],
    ["401", "auth"],
    ["500", "server"],
  ])("keeps a call that ended with %s as an error row", (resultSignature, errorClass) => {
    expect(draftOf(azureOpenaiSource, { ...record, resultSignature })).toMatchObject({
      status: "error",
      errorClass,
      httpStatus: Number(resultSignature),
    });
  });

  test("skips audit rows and other operations", () => {
    const mapped = mapRecords(azureOpenaiSource, [
      { ...record, category: "Audit" },
      { ...record, operationName: "ListDeployments" },
    ]);
    expect(mapped).toMatchObject([
      { kind: "skipped", reason: "not_an_llm_call", detail: "category is Audit" },
      { kind: "skipped", reason: "not_an_llm_call", detail: "operationName is ListDeployments" },
    ]);
  });

  test("scores nothing else", () => {
    expect(azureOpenaiSource.score(record)).toBe(1);
    for (const line of [
      {},
      { category: "RequestResponse" },
      { category: "GatewayLlmLogs", operationName: "x" },
      null,
    ])
      expect(azureOpenaiSource.score(line)).toBe(0);
  });
});
