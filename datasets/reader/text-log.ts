/** Why a line that is no JSON is no request log either, for the text logs of servers that people try first; null for any other line.
 * @returns advice on what to record instead */
export function textLogAdvice(line: string): string | null {
  const start = line.slice(0, 2000);
  const found = TEXT_LOGS.find(({ pattern }) => pattern.test(start));
  return found === undefined
    ? null
    : `${found.what} is no request log: it does not say for each request which model answered and with how many tokens. ${RECORD_INSTEAD}`;
}

const RECORD_INSTEAD =
  "Record the traffic with a proxy in front of the server (request and response as JSON lines) or with OpenTelemetry (OTLP JSON)";

const TEXT_LOGS: ReadonlyArray<{ pattern: RegExp; what: string }> = [
  {
    pattern:
      /^(\([\w ,=]+\)\s*)?(INFO|WARNING|DEBUG|ERROR) \d\d-\d\d \d\d:\d\d:\d\d (\[[\w.]+:\d+\]|[\w.]+:\d+\])|Avg prompt throughput: [\d.]+ tokens\/s/,
    what: "the log of a vLLM server",
  },
  {
    pattern:
      /^\s*((slot|srv|que)\s+[a-z_]+:|slot print_timing:|(prompt )?eval time =\s+[\d.]+ ms|total time =\s+[\d.]+ ms|llama_(perf|print_timings|context|model_loader|kv_cache)|print_info:|load_tensors:)/,
    what: "the log of a llama.cpp server",
  },
  {
    pattern: /^(INFO|WARNING|ERROR):\s+\S+:\d+ - "[A-Z]+ \/\S* HTTP\/[\d.]+" \d{3}/,
    what: "the access log of a web server",
  },
];
