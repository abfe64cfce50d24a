import { asText, type JsonRecord } from "./json-access.js";
import type { RequestDraft } from "./source.js";

/** Who called, from the labels that callers attach to their requests (metadata, properties, tags): matched by everyday names, without
 * regard to case, dashes and underscores. Earlier objects win. */
export function readCallerLabels(
  ...labels: ReadonlyArray<JsonRecord | null>
): Pick<RequestDraft, "user" | "app" | "tenant" | "sessionId"> {
  const plain = new Map<string, string>();
  for (const record of labels) {
    for (const [key, value] of Object.entries(record ?? {})) {
      const name = key.toLowerCase().replace(/[^a-z0-9]/g, "");
      const text = asText(value);
      if (text !== "" && !plain.has(name)) plain.set(name, text);
    }
  }
  const first = (names: readonly string[]) =>
    names.map((name) => plain.get(name)).find((text) => text !== undefined) ?? null;
  return { user: first(USER), app: first(APP), tenant: first(TENANT), sessionId: first(SESSION) };
}

const USER = ["user", "userid", "enduser", "enduserid", "heliconeuserid"];
const APP = [
  "app",
  "application",
  "appname",
  "service",
  "servicename",
  "caller",
  "feature",
  "project",
  "projectname",
];
const TENANT = [
  "tenant",
  "tenantid",
  "team",
  "teamname",
  "organisation",
  "organization",
  "org",
  "customer",
  "customerid",
];
const SESSION = ["sessionid", "heliconesessionid", "conversationid", "threadid", "session"];
