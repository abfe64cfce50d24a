import { asRecord, firstNumber, firstString, type JsonRecord } from "../json-access.js";
import type { RequestDraft } from "../source.js";
import type { Answer } from "./answer.js";
import { type Envelope, headerOf } from "./envelope.js";

/** Who sent the request, and which attempt of what it is: from the line, its metadata, its headers and its bodies. */
export function identityOf(
  { fields, responseHeaders, request }: Envelope,
  body: JsonRecord | null,
  answer: Answer,
): Pick<RequestDraft, "id" | "attemptNo" | "logicalId" | "sessionId" | "tenant" | "user" | "app"> {
  const metadata = asRecord(fields.metadata) ?? asRecord(body?.metadata);
  const named = (names: string[]) => firstString(fields, names) ?? firstString(metadata, names);
  const id =
    firstString(fields, ["request_id", "requestId", "custom_id", "call_id"]) ??
    headerOf(responseHeaders, "x-request-id") ??
    headerOf(responseHeaders, "request-id") ??
    answer.id ??
    firstString(fields, ["id", "uuid"]);
  const attemptNo = firstNumber(fields, ["attempt_no", "attempt", "attempt_number", "retry_attempt"]);
  const logicalId = firstString(fields, ["logical_id", "logicalId", "correlation_id", "correlationId"]);
  // Retry loops often keep one request id for all attempts.
  const isRetry = attemptNo !== null && attemptNo > 1 && logicalId === null && id !== null;
  return {
    id: isRetry ? `${id}#${attemptNo}` : id,
    attemptNo: attemptNo !== null && Number.isInteger(attemptNo) && attemptNo >= 1 ? attemptNo : null,
    logicalId: logicalId ?? (isRetry ? id : null),
    sessionId:
      named([
        "session_id",
        "sessionId",
        "conversation_id",
        "conversationId",
        "thread_id",
        "trace_id",
        "traceId",
      ]) ?? (request === fields ? null : firstString(body, ["conversation", "session_id"])),
    tenant: named([
      "tenant",
      "tenant_id",
      "tenantId",
      "org",
      "organization",
      "organisation",
      "team",
      "customer",
      "customer_id",
    ]),
    user:
      named(["user", "user_id", "userId", "end_user"]) ?? firstString(body, ["user", "safety_identifier"]),
    app: named(["app", "app_id", "application", "service", "service_name", "project", "feature"]),
  };
}
