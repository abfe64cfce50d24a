import { type PromptFacts, readPromptFacts } from "./prompt-facts.js";

/** A prompt that is compared with several others: what the comparison needs of it is read once, when first needed. */
export class PreparedPrompt {
  readonly text: string;
  private read: PromptFacts | null = null;

  constructor(text: string) {
    this.text = text;
  }

  get facts(): PromptFacts {
    this.read ??= readPromptFacts(this.text);
    return this.read;
  }
}

/** Make a prompt ready for `comparePrompts`, `guardPair` and `pairFeatures`; a prepared one stays as it is. */
export function preparePrompt(prompt: string | PreparedPrompt): PreparedPrompt {
  return typeof prompt === "string" ? new PreparedPrompt(prompt) : prompt;
}
