import { providerOfUrl } from "../../prices/provider-names.js";
import { httpOutcome, readHttpStatus } from "../http-outcome.js";
import { asNumber, asText } from "../json-access.js";
import type { RequestDraft } from "../source.js";

type Fields = ReadonlyMap<string, unknown>;

/** Whether a row is of the gateway's own log (table ApiManagementGatewayLogs, category GatewayLogs): one for each request to any API. */
export function isGatewayRow(fields: Fields): boolean {
  const type = `${asText(fields.get("type"))} ${asText(fields.get("tablename"))} ${asText(fields.get("category"))}`;
  return /GatewayLogs\b/.test(type) && fields.has("correlationid");
}

/** What the gateway's own log adds to a call: how it ended, how long it took, under which subscription. */
export function readGatewayRow(
  fields: Fields,
): Pick<
  RequestDraft,
  "status" | "httpStatus" | "errorClass" | "latencyMs" | "apiKey" | "user" | "app" | "provider"
> {
  const text = (name: string) => asText(fields.get(name)) || null;
  return {
    ...httpOutcome({
      httpStatus: readHttpStatus(fields.get("responsecode")),
      words: [text("lasterrorreason"), text("lasterrormessage")],
    }),
    latencyMs: asNumber(fields.get("totaltime") ?? fields.get("durationms")),
    apiKey: text("apimsubscriptionid"),
    user: text("userid"),
    app: text("productid") ?? text("apiid"),
    provider: providerOfUrl(text("backendurl")),
  };
}
