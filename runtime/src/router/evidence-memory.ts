import type { ReadRequest } from "../request/read-request.js";
import type { RequestEvidence } from "./request-evidence.js";

/** Requests that are held, and the longest of them, in UTF-16 units of user turn and system prompt: at most 9 MB, 2 MB at 2,000 units. */
const held = 512;
const longest = 8_192;

/** Remembers the evidence on the requests that were seen last, by all that the featuriser reads of them: a retry, a template or a
 * polling job asks the same again. The least recently used is forgotten first. */
export class EvidenceMemory {
  private readonly known = new Map<string, RequestEvidence>();

  /** @returns null for a request that is too long to hold */
  keyOf(read: ReadRequest): string | null {
    const { userText, systemText } = read;
    if (userText.length + systemText.length > longest) return null;
    const { historyChars, userTurns, hasAnswer, nImages, nTools, jsonMode, maxTokens } = read;
    return `${historyChars} ${userTurns} ${hasAnswer} ${nImages} ${nTools} ${jsonMode} ${maxTokens} ${userText.length}\n${userText}${systemText}`;
  }

  get(key: string): RequestEvidence | undefined {
    const evidence = this.known.get(key);
    if (evidence === undefined) return undefined;
    this.known.delete(key);
    this.known.set(key, evidence);
    return evidence;
  }

  set(key: string, evidence: RequestEvidence): void {
    if (this.known.size >= held) this.known.delete(this.known.keys().next().value!);
    this.known.set(key, evidence);
  }
}
