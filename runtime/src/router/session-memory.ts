/** Remembers the model of the sessions that were seen last; the least recently used is forgotten first. */
export class SessionMemory {
  private readonly ranks = new Map<string, number>();

  constructor(private readonly capacity: number) {}

  /** Place of the session's model among the policy's, by cost. */
  get(session: string): number | undefined {
    return this.ranks.get(session);
  }

  set(session: string, rank: number): void {
    this.ranks.delete(session);
    this.ranks.set(session, rank);
    if (this.ranks.size > this.capacity) this.ranks.delete(this.ranks.keys().next().value!);
  }
}
