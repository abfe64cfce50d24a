/** Remembers the model of the sessions that were seen last; the least recently used is forgotten first. Models are remembered by
 * name: places among the policy's models mean others after an artifact is swapped. */
export class SessionMemory {
  private readonly models = new Map<string, string>();

  constructor(private readonly capacity: number) {}

  /** Name of the session's model. */
  get(session: string): string | undefined {
    return this.models.get(session);
  }

  set(session: string, model: string): void {
    this.models.delete(session);
    this.models.set(session, model);
    if (this.models.size > this.capacity) this.models.delete(this.models.keys().next().value!);
  }
}
