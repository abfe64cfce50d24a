import { type RouteRequest, readRequest } from "@signalbox/runtime";
import { HttpError } from "./http-error.js";

const longestId = 200;
const mostFacts = 50;

/** Refuse ids and facts that a server can't keep for thousands of requests.
 * @throws {HttpError} 400 naming the field */
export function checkDecideBody(request: RouteRequest): void {
  const { requestId, sessionId } = readRequest(request);
  for (const [name, value] of Object.entries({ requestId, sessionId })) {
    if ((value?.length ?? 0) > longestId) throw unfit(name, `is longer than ${longestId} characters`);
  }
  const facts: unknown = request.meta ?? {};
  if (typeof facts !== "object" || facts === null || Array.isArray(facts))
    throw unfit("meta", "is not an object");
  const entries = Object.entries(facts as object);
  if (entries.length > mostFacts) throw unfit("meta", `has more than ${mostFacts} facts`);
  for (const [name, value] of entries) {
    if (name.length > longestId || (typeof value === "string" && value.length > longestId))
      throw unfit("meta", `has a fact longer than ${longestId} characters`);
  }
}

function unfit(field: string, problem: string): HttpError {
  return new HttpError(400, "unfit_field", `${field} ${problem}`);
}
