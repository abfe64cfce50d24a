import { asArray, asRecord, firstOf, type JsonRecord, parseEmbedded } from "../json-access.js";

/** The request body that a row's columns were taken from: its turns, parameters and tools; the raw one of a passthrough call. */
export function bifrostRequest(row: JsonRecord): unknown {
  const params = asRecord(parseEmbedded(row.params)) ?? {};
  const history = [row.input_history, row.responses_input_history]
    .map((column) => asArray(parseEmbedded(column)) ?? [])
    .find((turns) => turns.length > 0);
  const raw = asRecord(parseEmbedded(firstOf(row, ["raw_request", "passthrough_request_body"])));
  if (history === undefined && raw !== null) return raw;
  const tools = asArray(parseEmbedded(row.tools));
  return { ...params, ...(tools !== null && { tools }), ...(history !== undefined && { messages: history }) };
}

/** The response body that a row's columns were taken from. */
export function bifrostResponse(row: JsonRecord): unknown {
  const message = asRecord(parseEmbedded(row.output_message));
  const items = asArray(parseEmbedded(row.responses_output));
  const raw = parseEmbedded(firstOf(row, ["raw_response", "passthrough_response_body"]));
  if (message === null && items === null && raw !== undefined && raw !== "") return raw;
  if (message !== null) return { choices: [{ message, finish_reason: row.stop_reason }] };
  return { ...(items !== null && { output: items }), stop_reason: row.stop_reason };
}
