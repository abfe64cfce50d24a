import { createHmac } from "node:crypto";
import { type Detector, isWordStart, wholeMatch } from "./detector.js";
import { detectors } from "./detectors.js";
import { hintScanner } from "./hint-scanner.js";

/** A text without its secrets, and how many of each kind were replaced. */
export interface Redaction {
  text: string;
  counts: Record<string, number>;
}

const scanHints = hintScanner(detectors.map(({ hints }) => hints));

/** Replace secrets and personal data by typed placeholders such as `[EMAIL_1f3a9c]`.
 *
 * The six hex digits are an HMAC of the value under `salt`: equal values stay equal, so that deduplication and features
 * survive, and nobody without the salt can test a guess. Code-aware: digests, UUIDs, versions, dates and order numbers stay.
 * Redacting twice changes nothing. Names of people are found only where the text around them says so (see docs/privacy.md).
 * @param salt secret of the workspace */
export function redact(text: string, salt: string): Redaction {
  const counts: Record<string, number> = {};
  const isHinted = scanHints(text);
  let redacted = text;
  for (let i = 0; i < detectors.length; i++) {
    if (isHinted[i] === 1) redacted = replaceFindings(redacted, detectors[i]!, salt, counts);
  }
  return { text: redacted, counts };
}

function replaceFindings(
  text: string,
  detector: Detector,
  salt: string,
  counts: Record<string, number>,
): string {
  const { kind, pattern, glue, find = wholeMatch } = detector;
  let out = "";
  let copied = 0;
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const finding = glue && !isWordStart(text, match.index, glue) ? null : find(match);
    if (!finding) {
      // A decoy may overlap with a real find: "ref 1234 4111 1111 1111 1111".
      pattern.lastIndex = match.index + 1;
      continue;
    }
    out += text.slice(copied, Math.max(copied, finding.start)) + placeholder(kind, finding.value, salt);
    copied = finding.end;
    pattern.lastIndex = finding.end;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return copied === 0 ? text : out + text.slice(copied);
}

function placeholder(kind: string, value: string, salt: string): string {
  const digest = createHmac("sha256", salt).update(kind).update("\0").update(value).digest("hex");
  return `[${kind}_${digest.slice(0, 6)}]`;
}
