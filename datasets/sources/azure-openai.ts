import { azureFields } from "./azure/azure-fields.js";
import { explodeAzure, firstAzureRecord } from "./azure/explode-azure.js";
import { readAzureTime } from "./azure/read-azure-time.js";
import { httpOutcome, readHttpStatus } from "./http-outcome.js";
import { asNumber, asText } from "./json-access.js";
import { type Mapped, type RequestDraft, type Source, unknownDraft } from "./source.js";

/** Azure OpenAI's RequestResponse diagnostic log, from a storage account, an event hub or Log Analytics (AzureDiagnostics). It knows who called which
 * model when, how long it took and how it ended; it has no tokens, no prompt and no cost. */
export const azureOpenaiSource: Source = {
  name: "azure-openai",
  title: "Azure OpenAI, RequestResponse diagnostic log (no tokens)",
  score: scoreLine,
  explode: explodeAzure,
  map: mapRecord,
};

function scoreLine(line: unknown): number {
  const fields = azureFields(firstAzureRecord(line));
  if (fields === null || !CATEGORIES.has(asText(fields.get("category")))) return 0;
  if (fields.has("modeldeploymentname") || fields.has("streamtype")) return 1;
  return /MICROSOFT\.COGNITIVESERVICES/i.test(resourceOf(fields))
    ? 0.9
    : fields.has("operationname")
      ? 0.6
      : 0;
}

/** Audit and Trace rows come with the same diagnostic setting. */
const CATEGORIES = new Set(["RequestResponse", "Audit", "Trace"]);

type Fields = ReadonlyMap<string, unknown>;

function resourceOf(fields: Fields): string {
  return `${asText(fields.get("resourceid"))} ${asText(fields.get("_resourceid"))} ${asText(fields.get("resourceprovider"))}`;
}

function mapRecord(record: unknown): Mapped {
  const fields = azureFields(record);
  const category = asText(fields?.get("category"));
  if (fields === null || !CATEGORIES.has(category))
    return { kind: "quarantined", reason: "unknown_schema", detail: "no record of category RequestResponse" };
  if (category !== "RequestResponse")
    return { kind: "skipped", reason: "not_an_llm_call", detail: `category is ${category}` };
  const text = (name: string) => asText(fields.get(name)) || null;
  const operation = text("operationname") ?? "";
  const endpoint = ENDPOINTS.find(([pattern]) => pattern.test(operation))?.[1];
  if (endpoint === undefined)
    return {
      kind: "skipped",
      reason: "not_an_llm_call",
      detail: `operationName is ${operation || "missing"}`,
    };
  const deployment = text("modeldeploymentname");
  return {
    kind: "row",
    draft: {
      ...unknownDraft,
      id: text("correlationid"),
      user: text("objectid"),
      endpoint,
      ...timingOf(fields),
      modelRequested: deployment ?? text("modelname"),
      modelServed: modelOf(text("modelname"), text("modelversion")),
      provider: "azure",
      ...httpOutcome({
        httpStatus: readHttpStatus(fields.get("resultsignature")),
        words: [text("resultdescription")],
      }),
      isStream: streamOf(text("streamtype")),
    },
  };
}

const ENDPOINTS: ReadonlyArray<readonly [RegExp, string]> = [
  [/chat_?completions|extensions.?chat/i, "chat"],
  [/responses?_?create|create_?response|^responses/i, "responses"],
  [/^completions_?create|^completions/i, "completions"],
  [/embeddings/i, "embeddings"],
  [/messages_?create|^messages/i, "messages"],
];

/** The request's own ticks (100 ns) where they agree with the record's time; else that time, which is the end, less the length. */
function timingOf(fields: Fields): Pick<RequestDraft, "createdAt" | "latencyMs"> {
  const started = readAzureTime(fields.get("requesttime"));
  const answered = readAzureTime(fields.get("responsetime"));
  const logged = readAzureTime(fields.get("time") ?? fields.get("timegenerated"));
  const latencyMs =
    asNumber(fields.get("durationms")) ??
    (started !== null && answered !== null && answered >= started ? (answered - started) / 1000 : null);
  const agrees = started !== null && (logged === null || Math.abs(started - logged) < dayUs);
  if (agrees) return { createdAt: started, latencyMs };
  const lengthUs = Math.round((latencyMs ?? 0) * 1000);
  return { createdAt: logged === null || Math.abs(lengthUs) > dayUs ? null : logged - lengthUs, latencyMs };
}

const dayUs = 86_400_000_000;

/** Azure keeps name and version apart ("gpt-4o", "2024-08-06"); short versions ("1", "2") belong to models that have none elsewhere. */
function modelOf(name: string | null, version: string | null): string | null {
  if (name === null || version === null || !/\d{4}/.test(version) || name.endsWith(version)) return name;
  return `${name}-${version}`;
}

function streamOf(type: string | null): boolean | null {
  if (type === null) return null;
  return /non/i.test(type) ? false : /stream/i.test(type) ? true : null;
}
