import { azureFields } from "./azure/azure-fields.js";
import { explodeAzure, firstAzureRecord } from "./azure/explode-azure.js";
import { isGatewayRow } from "./azure-apim/gateway-row.js";
import { joinParts } from "./azure-apim/join-parts.js";
import { PartReader } from "./azure-apim/part-reader.js";
import { asText } from "./json-access.js";
import type { Mapped, Source } from "./source.js";

/** Azure API Management's log of calls to language models (table ApiManagementGatewayLlmLog, category GatewayLlmLogs). One call is several rows
 * under one CorrelationId, numbered by SequenceNumber: one with model and tokens, the others with the messages, cut at 32 kB. They
 * are joined in whatever order they come, as long as they aren't thousands of rows apart. Rows of the gateway's own log (GatewayLogs)
 * in the same file add status, latency and subscription to the call of their CorrelationId. */
export const azureApimSource: Source = {
  name: "azure-apim",
  title: "Azure API Management, log of language model calls",
  score: scoreLine,
  explode: explodeAzure,
  map: (record) => mapAlone(record),
  open: () => new PartReader(),
};

function scoreLine(line: unknown): number {
  const fields = azureFields(firstAzureRecord(line));
  if (fields === null) return 0;
  const type = `${asText(fields.get("type"))} ${asText(fields.get("tablename"))} ${asText(fields.get("category"))}`;
  if (/ApiManagementGatewayLlmLog|GatewayLlmLogs?\b/.test(type)) return 1;
  if (isGatewayRow(fields)) return 0.6;
  const has = (name: string) => fields.has(name);
  if (!has("correlationid") || !has("sequencenumber")) return 0;
  return has("modelname") || has("prompttokens") || has("requestmessages") || has("responsemessages")
    ? 0.9
    : 0;
}

function mapAlone(record: unknown): Mapped {
  const fields = azureFields(record);
  if (fields === null)
    return { kind: "quarantined", reason: "unknown_schema", detail: "the record is not an object" };
  return joinParts([{ place: null, fields }])[0]!.mapped;
}
