/** When a migration starts: at a time, or in its add-on's maintenance window. */
export interface Schedule {
  readonly kind: "at" | "window";
  readonly notBefore: Date;
  /** Past this it does not start by itself any more: a person decides. */
  readonly startBy: Date;
  /** When it was last looked at before its start; null before that. */
  readonly lookedAt: Date | null;
  /** Whole sentences: why it does not start by itself; null when it does. */
  readonly heldFor: string | null;
}

/** How late a start at a time may be. */
export const LATE_MS = 30 * 60_000;
/** How far ahead a start may be. */
const FARTHEST_MS = 60 * 86_400_000;

/** The schedule for a start at a time. */
export function scheduleAt(notBefore: Date): Schedule {
  const startBy = new Date(notBefore.getTime() + LATE_MS);
  return { kind: "at", notBefore, startBy, lookedAt: null, heldFor: null };
}

/** Whether a time is one that a start can be set to. */
export function isPlannable(at: Date, now: Date): boolean {
  const aheadMs = at.getTime() - now.getTime();
  return aheadMs > 0 && aheadMs <= FARTHEST_MS;
}
