import { readAzureTime } from "../azure/read-azure-time.js";
import { firstUsage } from "../first-usage.js";
import { asArray, asNumber, asText, parseEmbedded } from "../json-access.js";
import { readExchange } from "../read-exchange.js";
import { readFlag } from "../read-flag.js";
import { type Mapped, type RequestDraft, unknownDraft } from "../source.js";
import { isGatewayRow, readGatewayRow } from "./gateway-row.js";

type Fields = ReadonlyMap<string, unknown>;

/** One row of the log: a part of a call. */
export interface LlmLogPart<Place> {
  place: Place;
  fields: Fields;
}

/** One call out of its parts, in whatever order: the part with the model and the tokens becomes the row, with the messages of all; the others
 * are answered as joined parts.
 * @param parts at least one, all of one CorrelationId */
export function joinParts<Place>(
  parts: ReadonlyArray<LlmLogPart<Place>>,
): Array<{ place: Place; mapped: Mapped }> {
  const ordered = [...parts].sort((a, b) => sequenceOf(a.fields) - sequenceOf(b.fields));
  const id = asText(ordered[0]!.fields.get("correlationid"));
  const head = ordered.reduce((best, part) => (weight(part.fields) > weight(best.fields) ? part : best));
  if (weight(head.fields) === 0) {
    const isOther = ordered.every(({ fields }) => isGatewayRow(fields));
    const mapped = isOther ? otherApi(id) : orphan(id, parts.length);
    return ordered.map(({ place }) => ({ place, mapped }));
  }
  const mapped = mapCall(
    id,
    head.fields,
    ordered.map(({ fields }) => fields),
  );
  if (mapped.kind !== "row") return ordered.map(({ place }) => ({ place, mapped }));
  return ordered.map((part) => ({
    place: part.place,
    mapped:
      part === head
        ? mapped
        : {
            kind: "skipped",
            reason: "joined_part",
            detail: `part ${sequenceOf(part.fields)} of CorrelationId ${id}; the row is part ${sequenceOf(head.fields)}`,
          },
  }));
}

function sequenceOf(fields: Fields): number {
  return asNumber(fields.get("sequencenumber")) ?? 0;
}

/** How much of a call's head a part is: tokens before a mere model name. */
function weight(fields: Fields): number {
  if (isGatewayRow(fields)) return 0;
  const tokens =
    (asNumber(fields.get("prompttokens")) ?? 0) + (asNumber(fields.get("completiontokens")) ?? 0);
  const isNamed = asText(fields.get("modelname")) !== "" || asText(fields.get("deploymentname")) !== "";
  return tokens !== 0 ? 3 : fields.has("prompttokens") && isNamed ? 2 : isNamed ? 1 : 0;
}

function otherApi(id: string): Mapped {
  return {
    kind: "skipped",
    reason: "not_an_llm_call",
    detail: `request ${id} of the gateway's log, without a row in the log of language model calls`,
  };
}

function orphan(id: string, parts: number): Mapped {
  return {
    kind: "quarantined",
    reason: "missing_model",
    detail: `${parts} part(s) of CorrelationId ${id || "(none)"} without the one that has the model and the tokens: export the rows sorted by CorrelationId and SequenceNumber`,
  };
}

/** The same part may be exported twice; its text must not be doubled. */
function uniqueParts(parts: readonly Fields[]): Fields[] {
  const seen = new Set<string>();
  return parts.flatMap((fields) => {
    if (isGatewayRow(fields)) return [];
    const key = fields.has("sequencenumber")
      ? `${sequenceOf(fields)}`
      : `${asText(fields.get("requestmessages"))}\0${asText(fields.get("responsemessages"))}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [fields];
  });
}

function mapCall(id: string, head: Fields, parts: readonly Fields[]): Mapped {
  const text = (name: string) => asText(head.get(name)) || null;
  const model = text("modelname");
  const usageRaw = {
    prompt_tokens: head.get("prompttokens"),
    completion_tokens: head.get("completiontokens"),
    total_tokens: head.get("totaltokens"),
    cached_tokens: head.get("promptcachedtokens"),
  };
  // The counts are the model API's own: Anthropic's leave the cache out.
  const convention = /claude/i.test(model ?? text("deploymentname") ?? "") ? "exclusive" : "inclusive";
  const { usage, raw } = firstUsage([{ raw: usageRaw, hint: { convention } }]);
  if (usage !== null && "error" in usage)
    return { kind: "quarantined", reason: usage.error, detail: usage.detail };
  const gatewayRow = parts.find(isGatewayRow);
  const call = gatewayRow === undefined ? null : readGatewayRow(gatewayRow);
  return {
    kind: "row",
    draft: {
      ...unknownDraft,
      ...call,
      ...contentOf(uniqueParts(parts)),
      id: id === "" ? text("requestid") : id,
      endpoint: endpointOf(text("operationname")),
      createdAt: readAzureTime(head.get("timegenerated") ?? head.get("time")),
      modelRequested: text("deploymentname") ?? model,
      modelServed: model,
      provider: call?.provider ?? (isAzureVersion(text("apiversion")) ? "azure" : null),
      gateway: "azure-apim",
      usage: usage?.usage ?? null,
      usageRaw: raw,
      isStream: readFlag(head.get("isstreamcompletion")),
    },
  };
}

function contentOf(parts: readonly Fields[]): Partial<RequestDraft> {
  const request = joinMessages(parts.map((fields) => fields.get("requestmessages")));
  const response = joinMessages(parts.map((fields) => fields.get("responsemessages")));
  const asked = readExchange(request, null).content;
  const turns = asArray(response);
  const answered = readExchange(
    null,
    turns === null
      ? response
      : { choices: [{ message: { role: "assistant", content: turns.map(contentOfTurn).join("") } }] },
  ).content;
  return {
    prompt: asked.prompt,
    promptState: asked.promptState,
    output: answered.output,
    finishReason: answered.finishReason,
  };
}

/** Either every part is a list of messages of its own, or one JSON text was cut into them. */
function joinMessages(values: readonly unknown[]): unknown {
  const present = values.filter((value) => value !== undefined);
  if (present.length === 0) return null;
  const lists = present.map((value) => asArray(parseEmbedded(value)));
  return lists.every((list) => list !== null) ? lists.flat() : parseEmbedded(present.map(asText).join(""));
}

function contentOfTurn(turn: unknown): string {
  return readExchange(null, { choices: [{ message: turn }] }).content.output ?? "";
}

function endpointOf(operation: string | null): string | null {
  if (operation === null) return null;
  if (/chat/i.test(operation)) return "chat";
  if (/response/i.test(operation)) return "responses";
  return /embedding/i.test(operation) ? "embeddings" : /messages/i.test(operation) ? "messages" : null;
}

/** Azure's own API versions are dates, with or without -preview. */
function isAzureVersion(version: string | null): boolean {
  return version !== null && /^\d{4}-\d{2}-\d{2}(-preview)?$/.test(version);
}
