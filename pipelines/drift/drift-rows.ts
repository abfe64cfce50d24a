import type { ColumnValue } from "../../models/drift/bin-values.js";
import type { Sides } from "../../models/drift/session-shuffle.js";

/** A request of either side: a row of compared-requests.sql. */
export interface ComparedRequest {
  request_id: string;
  session: string;
  is_since: boolean;
  created_us: number;
  session_id: string | null;
  app: string | null;
  endpoint: string | null;
  model_requested: string | null;
  system_text: string | null;
  user_text: string | null;
  history_json: string | null;
  system_chars: number | null;
  user_chars: number | null;
  history_turns: number | null;
  n_tools: number | null;
  n_images: number | null;
  has_json_schema: boolean | null;
  max_tokens: number | null;
  status: string;
  finish_reason: string | null;
  feedback_score: number | null;
}

/** A column to compare, on rows of its own. */
export interface ComparedColumn {
  column: string;
  kind: "population" | "novelty" | "score" | "outcome";
  values: ColumnValue[];
  sides: Sides;
}

/** A mean to compare, on rows of its own. */
export interface ComparedOutcome {
  outcome: string;
  values: number[];
  weights?: number[];
  sides: Sides;
}
