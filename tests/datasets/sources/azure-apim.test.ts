import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { azureApimSource } from "../../../datasets/sources/azure-apim.js";
import { draftOf, draftsOf, mapRecords } from "../../support/map-records.js";

const head = {
  TimeGenerated: "2026-07-01T09:15:00.1234567Z",
  CorrelationId: "c-1",
  OperationName: "ChatCompletions_Create",
  ApiVersion: "2024-10-21",
  DeploymentName: "chat-prod",
  ModelName: "gpt-4o",
  IsStreamCompletion: true,
  PromptTokens: 812,
  CompletionTokens: 64,
  TotalTokens: 876,
  SequenceNumber: 0,
  RequestMessages: "",
  ResponseMessages: "",
  Type: "ApiManagementGatewayLlmLog",
};
const prompt = JSON.stringify([
  { role: "system", content: "Be brief." },
  { role: "user", content: "a".repeat(50) },
]);
const part = (
  SequenceNumber: number,
  texts: { RequestMessages?: string; ResponseMessages?: string },
  id = "c-1",
) => ({
  TimeGenerated: head.TimeGenerated,
  CorrelationId: id,
  SequenceNumber,
  Type: head.Type,
  ...texts,
});
const parts = [
  head,
  part(1, { RequestMessages: prompt.slice(0, 40) }),
  part(2, { RequestMessages: prompt.slice(40) }),
  part(3, { ResponseMessages: '[{"role":"assistant","content":"hello"}]' }),
];

describe("azureApimSource", () => {
  test("joins the parts of a call, in whatever order they come", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(parts, { minLength: 4, maxLength: 4 }), (order) => {
        const mapped = mapRecords(azureApimSource, order);
        expect(mapped.filter(({ kind }) => kind === "skipped")).toHaveLength(3);
        expect(mapped[order.indexOf(head)]).toMatchObject({
          kind: "row",
          draft: {
            id: "c-1",
            endpoint: "chat",
            createdAt: Date.UTC(2026, 6, 1, 9, 15, 0, 123) * 1000 + 456,
            modelRequested: "chat-prod",
            modelServed: "gpt-4o",
            provider: "azure",
            gateway: "azure-apim",
            prompt: { system: "Be brief.", messages: [{ role: "user", content: "a".repeat(50) }] },
            output: "hello",
            usage: { inputUncached: 812, outputText: 64 },
            isStream: true,
          },
        });
      }),
    );
  });

  test("says of the other parts where they went", () => {
    expect(mapRecords(azureApimSource, parts)[2]).toEqual({
      kind: "skipped",
      reason: "joined_part",
      detail: "part 2 of CorrelationId c-1; the row is part 0",
    });
  });

  test("keeps calls apart whose parts alternate", () => {
    const other = { ...head, CorrelationId: "c-2", PromptTokens: 5, CompletionTokens: 1, TotalTokens: 6 };
    const lines = [
      parts[1],
      part(1, { RequestMessages: '[{"role":"user","content":"b"}]' }, "c-2"),
      parts[2],
      other,
      head,
    ];
    expect(draftsOf(azureApimSource, lines)).toMatchObject([
      { id: "c-2", usage: { inputUncached: 5 }, prompt: { messages: [{ content: "b" }] } },
      { id: "c-1", usage: { inputUncached: 812 }, prompt: { system: "Be brief." } },
    ]);
  });

  test("joins lists of messages that are each whole", () => {
    const lines = [
      head,
      part(1, { RequestMessages: '[{"role":"user","content":"a"}]' }),
      part(2, { RequestMessages: '[{"role":"assistant","content":"b"},{"role":"user","content":"c"}]' }),
    ];
    expect(draftOf(azureApimSource, head).prompt).toBeNull();
    expect(draftsOf(azureApimSource, lines)[0]?.prompt?.messages.map(({ content }) => content)).toEqual([
      "a",
      "b",
      "c",
    ]);
  });

  test("does not double a part that was exported twice", () => {
    const [draft] = draftsOf(azureApimSource, [...parts, parts[1], parts[3]]);
    expect(draft).toMatchObject({ output: "hello", prompt: { system: "Be brief." } });
  });

  test("calls a prompt cut whose last part is missing", () => {
    const [draft] = draftsOf(azureApimSource, [head, parts[1]]);
    expect(draft).toMatchObject({ prompt: null, promptState: "truncated", usage: { inputUncached: 812 } });
  });

  test("quarantines parts without the one that has the model, with advice", () => {
    expect(mapRecords(azureApimSource, [parts[1], parts[3]])).toMatchObject([
      {
        kind: "quarantined",
        reason: "missing_model",
        detail: expect.stringContaining("sorted by CorrelationId"),
      },
      { kind: "quarantined", reason: "missing_model" },
    ]);
  });

  test("waits for parts a few thousand rows, not for ever, and loses none", () => {
    const filler = (n: number) => ({ ...head, CorrelationId: `f-${n}` });
    const near = [head, ...Array.from({ length: 4000 }, (_, n) => filler(n)), parts[3]];
    expect(draftsOf(azureApimSource, near).find(({ id }) => id === "c-1")?.output).toBe("hello");
    const far = [head, ...Array.from({ length: 6000 }, (_, n) => filler(n)), parts[3]];
    const mapped = mapRecords(azureApimSource, far);
    expect(mapped[0]).toMatchObject({ kind: "row", draft: { id: "c-1", output: null } });
    expect(mapped.at(-1)).toMatchObject({ kind: "quarantined", reason: "missing_model" });
  });

  test("holds no more than 64 M characters", () => {
    const reader = azureApimSource.open!<number>({ path: "log.jsonl", modifiedAt: 0 });
    const text = "x".repeat(8 * 1024 * 1024);
    const answered = Array.from({ length: 20 }, (_, n) =>
      reader.take({ ...head, CorrelationId: `c-${n}`, RequestMessages: text }, n),
    ).flat();
    expect(answered.length).toBeGreaterThanOrEqual(11);
    expect(answered.length + reader.end().length).toBe(20);
  });

  test.each([
    [
      "a query's answer",
      [
        {
          tables: [
            {
              name: "PrimaryResult",
              columns: Object.keys(head).map((name) => ({ name, type: "string" })),
              rows: [Object.values(head).map(String)],
            },
          ],
        },
      ],
    ],
    [
      "az monitor's texts",
      [
        {
          ...head,
          PromptTokens: "812",
          CompletionTokens: "64",
          TotalTokens: "876",
          IsStreamCompletion: "True",
        },
      ],
    ],
    [
      "the portal's CSV",
      [
        {
          "TimeGenerated [UTC]": "7/1/2026, 9:15:00.123 AM",
          CorrelationId: "c-1",
          DeploymentName: "chat-prod",
          ModelName: "gpt-4o",
          IsStreamCompletion: "true",
          PromptTokens: "812",
          CompletionTokens: "64",
          TotalTokens: "876",
          SequenceNumber: "0",
          Type: "ApiManagementGatewayLlmLog",
        },
      ],
    ],
    [
      "a batch of an event hub",
      [
        {
          records: [
            {
              time: head.TimeGenerated,
              category: "GatewayLlmLogs",
              correlationId: "c-1",
              properties: {
                deploymentName: "chat-prod",
                modelName: "gpt-4o",
                apiVersion: "2024-10-21",
                promptTokens: 812,
                completionTokens: 64,
                totalTokens: 876,
                isStreamCompletion: true,
                sequenceNumber: 0,
              },
            },
          ],
        },
      ],
    ],
    [
      "the AzureDiagnostics table",
      [
        {
          TimeGenerated: head.TimeGenerated,
          Category: "GatewayLlmLogs",
          CorrelationId: "c-1",
          deploymentName_s: "chat-prod",
          modelName_s: "gpt-4o",
          promptTokens_d: 812,
          completionTokens_d: 64,
          totalTokens_d: 876,
          isStreamCompletion_b: true,
          sequenceNumber_d: 0,
        },
      ],
    ],
  ])("reads %s", (_, lines) => {
    expect(azureApimSource.score(lines[0])).toBe(1);
    expect(draftsOf(azureApimSource, lines)).toMatchObject([
      {
        id: "c-1",
        createdAt: expect.closeTo(Date.UTC(2026, 6, 1, 9, 15, 0, 123) * 1000, -3),
        modelServed: "gpt-4o",
        usage: { inputUncached: 812, outputText: 64 },
        isStream: true,
      },
    ]);
  });

  test("adds Anthropic's cached tokens on top, as its API counts", () => {
    const claude = {
      time: head.TimeGenerated,
      category: "GatewayLlmLogs",
      properties: JSON.stringify({
        correlationId: "c-9",
        modelName: "claude-sonnet-4-5",
        promptTokens: 26,
        promptCachedTokens: 48_854,
        completionTokens: 10,
        totalTokens: 36,
      }),
    };
    expect(draftOf(azureApimSource, claude)).toMatchObject({
      provider: null,
      usage: { inputUncached: 26, inputCacheRead: 48_854, outputText: 10 },
    });
  });

  test("takes status, latency and subscription from the gateway's own log of the same call", () => {
    const gateway = {
      TimeGenerated: head.TimeGenerated,
      CorrelationId: "c-1",
      Type: "ApiManagementGatewayLogs",
      ResponseCode: 200,
      TotalTime: 1450,
      ApimSubscriptionId: "team-core",
      ProductId: "assistants",
      BackendUrl: "https://my-aoai.openai.azure.com/openai/deployments/chat-prod/chat/completions",
    };
    const other = { ...gateway, CorrelationId: "c-2" };
    expect(mapRecords(azureApimSource, [gateway, head, other])).toMatchObject([
      { kind: "skipped", reason: "joined_part" },
      {
        kind: "row",
        draft: {
          latencyMs: 1450,
          httpStatus: 200,
          apiKey: "team-core",
          app: "assistants",
          provider: "azure",
        },
      },
      { kind: "skipped", reason: "not_an_llm_call" },
    ]);
  });

  test("scores nothing else", () => {
    for (const line of [{}, { CorrelationId: "a" }, { tables: [] }, { category: "RequestResponse" }, null])
      expect(azureApimSource.score(line)).toBe(0);
  });
});
