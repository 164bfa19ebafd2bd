import type { Actor } from "./member.ts";

/** Nobody's migration starts or switches until it is over; those that run stand still at their next safe point. */
export interface Freeze {
  /** Grows with each freeze. */
  readonly id: string;
  /** As the person wrote it; from outside. */
  readonly reason: string;
  readonly by: Actor;
  readonly since: Date;
}
