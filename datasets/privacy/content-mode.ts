/** What ingest keeps of prompts and answers. */
export const ContentMode = {
  /** Neither text nor anything computed from it but lengths and counts. */
  none: "none",
  /** Salted hashes, lengths and counts. */
  hash: "hash",
  /** Text with secrets and personal data replaced, and hashes. */
  redacted: "redacted",
  /** Text as logged, and hashes. */
  full: "full",
} as const;
export type ContentMode = (typeof ContentMode)[keyof typeof ContentMode];
