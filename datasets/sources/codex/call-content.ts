import { answerText, readConversation } from "../conversation.js";
import { asString, type JsonRecord } from "../json-access.js";

/** What went into the next call and what came out of it, from the items of a conversation in their order. Tools answer while
 * the call's counts are still to come: what follows an answer belongs to the call after. */
export class CallContent {
  private input: JsonRecord[] = [];
  private output: JsonRecord[] = [];
  private next: JsonRecord[] = [];
  private userTurn: JsonRecord[] = [];

  take(item: JsonRecord): void {
    const isAnswer = item.role === "assistant" || ANSWERS.test(asString(item.type) ?? "");
    if (isAnswer) this.output.push(item);
    else (this.output.length > 0 ? this.next : this.input).push(item);
  }

  /** The call is over. */
  close(): { input: JsonRecord[]; output: string | null } {
    if (this.input.some(({ role }) => role === "user"))
      this.userTurn = this.input.filter(({ role }) => role === "user");
    const input = this.input.some(({ role }) => role === "user")
      ? this.input
      : [...this.userTurn, ...this.input];
    const output = answerText(readConversation(this.output).messages);
    this.input = this.next;
    this.output = [];
    this.next = [];
    return { input, output };
  }
}

const ANSWERS = /^(reasoning|\w*_call)$/;
