import autocannon from "autocannon";
import type { SyntheticRequest } from "../../../datasets/synthetic/traffic.js";

/** What the load generator saw from outside. */
export interface LoadResult {
  sent: number;
  /** Answers with a 2xx status. */
  answered: number;
  /** Other statuses, and calls without an answer. */
  failed: number;
  p50Ms: number;
  p99Ms: number;
}

/** Put requests of the synthetic world to the service, in order and at a fixed rate, each once.
 * @param rate requests a second, over all connections */
export async function driveLoad(
  serviceUrl: string,
  requests: readonly SyntheticRequest[],
  { rate, connections = 64 }: { rate: number; connections?: number },
): Promise<LoadResult> {
  let next = 0;
  const result = await autocannon({
    url: `${serviceUrl}/ask`,
    connections: Math.min(connections, requests.length),
    maxOverallRequests: requests.length,
    amount: requests.length,
    overallRate: rate,
    timeout: 30,
    requests: [
      {
        method: "POST",
        headers: { "content-type": "application/json" },
        setupRequest: (request) => ({ ...request, body: bodyOf(requests[next++ % requests.length]!) }),
      },
    ],
  });
  const answered = result["2xx"];
  return {
    sent: result.requests.sent,
    answered,
    failed: result.non2xx + result.errors,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
  };
}

function bodyOf({ id, app, history, userText, sessionId }: SyntheticRequest): string {
  return JSON.stringify({
    system: app.system,
    messages: [...history, { role: "user", content: userText }],
    id,
    session: sessionId,
    app: app.name,
  });
}
