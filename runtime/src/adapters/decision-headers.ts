import type { Decision } from "../router/decision.js";

/** A request with this header set to `off` is not routed. */
const optOutHeader = "x-signalbox-route";

const longestValue = 200;

/** Say a decision in HTTP headers: the model, `x-signalbox-reasons`, `x-signalbox-artifact` and `x-signalbox-request-id`. What a header can't hold is
 * percent-encoded; a value of more than 200 characters is left out.
 * @param name header of the model: one that tells a caller what was decided, or one that tells a proxy what to call */
export function decisionHeaders(
  decision: Pick<Decision, "model" | "reasons" | "artifact" | "requestId">,
  name: "x-signalbox-decision" | "x-signalbox-model" = "x-signalbox-decision",
): Record<string, string> {
  const { model, reasons, artifact, requestId } = decision;
  const values = {
    [name]: encode(model),
    "x-signalbox-reasons": reasons.map(encode).join(","),
    "x-signalbox-artifact": encode(artifact ?? ""),
    "x-signalbox-request-id": encode(requestId),
  };
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== "" && value.length <= longestValue),
  );
}

/** Whether a request asks not to be routed.
 * @param headers with names in lower case, as Node gives them */
export function isOptedOut(headers: Readonly<Record<string, string | string[] | undefined>>): boolean {
  return (
    String(headers[optOutHeader] ?? "")
      .trim()
      .toLowerCase() === "off"
  );
}

function encode(text: string): string {
  return text
    .slice(0, longestValue + 1)
    .replace(/[^\x21-\x7e]|[%,]/gu, (character) => encodeURIComponent(character.toWellFormed()));
}
