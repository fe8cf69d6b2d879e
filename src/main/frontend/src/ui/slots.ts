/**
 * Gives what is shown a place each, so that a table draws what comes into view where something has just left it, and
 * what stays keeps its place.
 */
export class Slots {
  private readonly taken = new Map<string, number>();
  private readonly free: number[] = [];
  private next = 0;

  /** The places of these, in their order; none has the place of another. */
  assign(ids: readonly string[]): number[] {
    const still = new Set(ids);
    for (const [id, slot] of this.taken) if (!still.has(id)) { this.taken.delete(id); this.free.push(slot); }
    return ids.map(id => {
      let slot = this.taken.get(id);
      if (slot === undefined) this.taken.set(id, slot = this.free.pop() ?? this.next++);
      return slot;
    });
  }
}
