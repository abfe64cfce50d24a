import { encodeBase64Url } from "../hash/base64.js";
import { sha256 } from "../hash/sha256.js";

/** Id of what a cached answer says, for `answer` of a neighbour: equal for equal texts, case, white space and Unicode form aside.
 * Calibration groups the log's answers so, and a score that learnt with answers expects the same ids.
 * @returns 22 characters */
export function answerId(answer: string): string {
  const folded = answer.normalize("NFC").replace(/\s+/gu, " ").trim().toLowerCase();
  return encodeBase64Url(sha256(folded)).slice(0, 22);
}
