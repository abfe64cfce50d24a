/** What becomes of a record without any time: batch results of Anthropic, failures of a batch. */
export const MissingTime = {
  /** It is quarantined: a day is not guessed. */
  quarantine: "quarantine",
  /** It gets the time at which its file was last changed, and the result counts how many did. */
  file: "file",
} as const;
export type MissingTime = (typeof MissingTime)[keyof typeof MissingTime];
