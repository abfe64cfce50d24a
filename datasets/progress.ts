/** What a long stage tells whoever is watching. */
export interface ProgressEvent {
  /** What is being done, such as "reading app.jsonl". */
  label: string;
  done: number;
  /** How many there are in all; null while unknown. */
  total: number | null;
  unit: string;
}

/** Receiver of progress; stages call it as often as they like, the receiver thins it out. */
export type Progress = (event: ProgressEvent) => void;
