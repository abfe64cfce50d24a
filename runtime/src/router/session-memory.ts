/** The model that a session is on. */
export interface HeldModel {
  /** By name, so that it outlives a change of artifact. */
  model: string;
  /** Time of the last turn that it was held for, milliseconds since 1970. */
  at: number;
}

/** Remembers the model of the sessions that were seen last; the least recently used is forgotten first. */
export class SessionMemory {
  private readonly held = new Map<string, HeldModel>();

  constructor(private readonly capacity: number) {}

  get(session: string): HeldModel | undefined {
    return this.held.get(session);
  }

  set(session: string, held: HeldModel): void {
    this.held.delete(session);
    this.held.set(session, held);
    if (this.held.size > this.capacity) this.held.delete(this.held.keys().next().value!);
  }
}
