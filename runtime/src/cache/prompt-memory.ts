import { PreparedPrompt } from "./prepare-prompt.js";

/** Prompts that are held, and the longest of them in UTF-16 units; prompts of 60 units take 7 MB. */
const held = 2_048;
const longest = 160;

/** Remembers what was read of cached prompts: the same few entries are near most requests. */
export class PromptMemory {
  private readonly prompts = new Map<string, PreparedPrompt>();

  prepare(text: string): PreparedPrompt {
    const known = this.prompts.get(text);
    if (known !== undefined) return known;
    const prompt = new PreparedPrompt(text);
    if (text.length > longest) return prompt;
    if (this.prompts.size >= held) this.prompts.delete(this.prompts.keys().next().value!);
    this.prompts.set(text, prompt);
    return prompt;
  }
}
