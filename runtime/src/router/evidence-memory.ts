import type { ReadRequest } from "../request/read-request.js";
import type { RequestEvidence } from "./request-evidence.js";

/** Requests that are held, and the longest of them, in UTF-16 units of user turn and system prompt: at most 9 MB, 2 MB at 2,000 units. */
const held = 512;
const longest = 8_192;
/** Places of a text that its key samples, and units of each. */
const samples = 8;
const sampleUnits = 8;

interface Entry extends Pick<ReadRequest, "userText" | "systemText"> {
  evidence: RequestEvidence;
}

/** Remembers the evidence on the requests that were seen last, by all that the featuriser reads of them: a retry, a template or a
 * polling job asks the same again. The least recently used is forgotten first. An entry is found by a sample of its text, since hashing
 * all of it would take a tenth of the time that is spared, and then compared whole; of requests with one sample the last is held. */
export class EvidenceMemory {
  private readonly entries = new Map<string, Entry>();

  /** @returns null for a request that is too long to hold */
  keyOf(read: ReadRequest): string | null {
    const { userText, systemText } = read;
    if (userText.length + systemText.length > longest) return null;
    const { historyChars, userTurns, hasAnswer, nImages, nTools, jsonMode, maxTokens } = read;
    return `${historyChars} ${userTurns} ${hasAnswer} ${nImages} ${nTools} ${jsonMode} ${maxTokens} ${systemText.length} ${userText.length} ${sampleOf(userText)}`;
  }

  get(key: string, { userText, systemText }: ReadRequest): RequestEvidence | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined || entry.userText !== userText || entry.systemText !== systemText)
      return undefined;
    this.entries.delete(key);
    this.entries.set(key, entry);
    return entry.evidence;
  }

  set(key: string, { userText, systemText }: ReadRequest, evidence: RequestEvidence): void {
    this.entries.delete(key);
    if (this.entries.size >= held) this.entries.delete(this.entries.keys().next().value!);
    // Plain lists: typed arrays with their buffers burden the garbage collector.
    const kept = {
      ...evidence,
      probabilities: Array.from(evidence.probabilities),
      lengths: Array.from(evidence.lengths),
    };
    this.entries.set(key, { userText: copyOf(userText), systemText: copyOf(systemText), evidence: kept });
  }
}

function sampleOf(text: string): string {
  if (text.length <= samples * sampleUnits) return text;
  const step = (text.length - sampleUnits) / (samples - 1);
  let sample = "";
  for (let i = 0; i < samples; i++) {
    const start = Math.floor(i * step);
    sample += text.slice(start, start + sampleUnits);
  }
  return sample;
}

/** A string of its own: a slice would keep the whole body alive that it was cut from. */
function copyOf(text: string): string {
  return ` ${text}`.slice(1);
}
