import type { StreamItem } from "../cache-stream.js";
import { readBenchmarkLines } from "./benchmark-file.js";
import { streamItemOf } from "./stream-item.js";

/** Read 39,460 user turns of Schema-Guided Dialogue with the (at most four) turns before them, in the order of the dialogues. Only the 12,094 turns that
 * were answered by a service call have an answer: service, method and parameters. The system prompt names the services that the assistant has in
 * the dialogue, its tools: Movies_2 and Movies_3 are two services. The segment is the first of them, without its number.
 * @param data folder of all public data sets
 * @throws {InputError} if the data set isn't there
 * @throws {DataError} if its file is damaged
 * @see Rastogi et al. 2020, Towards Scalable Multi-domain Conversational Agents: The Schema-Guided Dialogue Dataset */
export function readSgdTurns(data: string): StreamItem[] {
  return readBenchmarkLines(data, "cache/sgd-multiturn/turns.jsonl", (turn: SgdTurn) => {
    const call = turn.service_call;
    return streamItemOf(turn.id, turn.text, {
      segment: (turn.services[0] ?? "").replace(/_\d+$/, "") || null,
      system: `Services: ${turn.services.join(", ")}`,
      history: turn.history.map(([speaker, content]) => ({ role: roles[speaker], content })),
      answer_key: call && JSON.stringify([call[0], call[1], Object.entries(call[2]).sort(byName)]),
    });
  });
}

interface SgdTurn {
  id: string;
  text: string;
  services: string[];
  history: Array<["U" | "S", string]>;
  service_call: [service: string, method: string, parameters: Record<string, string>] | null;
}

const roles = { U: "user", S: "assistant" } as const;

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : Number(a > b);
}
