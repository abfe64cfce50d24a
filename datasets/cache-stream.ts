/** One request of a plain stream that a cache is replayed on: a line of a JSONL file, or a workspace's request. */
export interface StreamItem {
  id: string;
  /** Last user turn. */
  text: string;
  tenant: string | null;
  /** Application, or any other split of the traffic that gets a threshold of its own; null = the default segment. */
  segment: string | null;
  /** Microseconds since 1970, UTC; null = only the order in the file is known. */
  created_at: number | null;
  system: string | null;
  /** Turns before the last user turn, the oldest first. */
  history: ReadonlyArray<{ role: string; content: string }>;
  /** Equal keys = one answer serves both requests. Null = the truth is not known. */
  answer_key: string | null;
}
