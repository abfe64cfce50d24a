import { createRandom } from "../../../datasets/random.js";
import type { RequestRow } from "../../../datasets/request-log.js";
import { requestRow } from "../../support/request-row.js";

/** What happens on the second of the planted days. */
export interface PlantedShift {
  /** Share of sessions since that ask in Russian about another subject. */
  foreign?: number;
  /** Error rate since; 0.03 before. */
  errors?: number;
  /** Mean feedback since; 0.8 before. */
  feedback?: number;
  /** Version that answers to gpt-4o since. */
  served?: string;
}

/** Requests of 2026-05-01 and 2026-05-02 in sessions of one to four turns. */
export function plantTraffic(seed: number, shift: PlantedShift = {}, sessions = 300): RequestRow[] {
  const random = createRandom(seed);
  const rows: RequestRow[] = [];
  for (let session = 0; session < sessions; session++) {
    const isSince = session >= sessions / 2;
    const isForeign = isSince && random.uniform() < (shift.foreign ?? 0);
    const app = random.pick(["support", "search", "notes"]);
    const turns = 1 + random.below(4);
    for (let turn = 0; turn < turns; turn++) {
      const isError = random.uniform() < (isSince ? (shift.errors ?? 0.03) : 0.03);
      const text = isForeign ? foreignText(random) : plainText(random);
      const mean = isSince ? (shift.feedback ?? 0.8) : 0.8;
      rows.push(
        requestRow({
          request_id: `s${session}-t${turn}`,
          logical_id: `s${session}-t${turn}`,
          session_id: `s${session}`,
          app,
          created_at: (Date.UTC(2026, 4, isSince ? 2 : 1, 8) + session * 60_000 + turn * 1_000) * 1_000,
          model: "gpt-4o",
          model_requested: "gpt-4o",
          model_served: isSince ? (shift.served ?? "gpt-4o-2024-08-06") : "gpt-4o-2024-08-06",
          content_state: "redacted",
          user_text: text,
          user_chars: text.length,
          history_turns: turn,
          status: isError ? "error" : "ok",
          finish_reason: isError ? null : random.uniform() < 0.05 ? "length" : "stop",
          feedback_score: random.uniform() < 0.3 ? Number(random.uniform() < mean) : null,
        }),
      );
    }
  }
  return rows;
}

type Random = ReturnType<typeof createRandom>;

function plainText(random: Random): string {
  const words = [
    "invoice",
    "refund",
    "order",
    "late",
    "where",
    "password",
    "reset",
    "deliver",
    "parcel",
    "card",
  ];
  const said = Array.from({ length: 4 + random.below(12) }, () => random.pick(words));
  const name = Array.from({ length: 6 }, () => random.pick([..."abcdefghijklmnopqrstuvwxyz"])).join("");
  return [...said, name].join(" ");
}

function foreignText(random: Random): string {
  const words = [
    "договор",
    "аренда",
    "закон",
    "срок",
    "подпись",
    "право",
    "сторона",
    "оплата",
    "пункт",
    "суд",
  ];
  return Array.from({ length: 20 + random.below(30) }, () => random.pick(words)).join(" ");
}
