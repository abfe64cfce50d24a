/** What a reader of a fairness table must know beside its figures. */
export function fairnessNotes(facts: { left: number; isLabelled: boolean; leastSessions: number }): string[] {
  return [
    facts.isLabelled
      ? "Quality is the router's calibrated sufficiency, corrected by labels; in slices without enough labels it is the sufficiency alone, which can't know that it errs more there than elsewhere."
      : "Quality is the router's own calibrated sufficiency, not observed answers: a slice on which it errs looks as good as it believes. Labels would show it: signalbox label run --candidate MODEL --workspace DIR.",
    `A slice with fewer than ${facts.leastSessions} sessions is not judged.`,
    "Slices overlap: one attempt is in a slice of every dimension. Shares of loss and saving add up within a dimension only.",
    "Light users are the half of the users with the fewest attempts, heavy ones the tenth with the most. Free and paid users can be told apart only where the log names them by tenant or app.",
    ...(facts.left > 0
      ? [
          `${facts.left} replayed attempts are left out: the model that answered or was chosen has no sufficiency, or a model has no price.`,
        ]
      : []),
  ];
}
