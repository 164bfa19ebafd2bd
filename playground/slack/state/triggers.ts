import type { Clock } from "../../local/clock.ts";
import type { Ids } from "../ids.ts";
import { refuse } from "../refusal.ts";

/** A trigger_id lives 3 seconds and opens one view (Slack: views.open). */
const triggerLifeMs = 3000;

export interface Trigger {
  readonly userId: string;
  readonly createdAtMs: number;
  /** The view the interaction came from, when it came from a modal. */
  readonly viewId?: string;
  isUsed: boolean;
}

export class Triggers {
  readonly #triggers = new Map<string, Trigger>();
  readonly #clock: Clock;
  readonly #ids: Ids;

  constructor(clock: Clock, ids: Ids) {
    this.#clock = clock;
    this.#ids = ids;
  }

  issue(userId: string, viewId?: string): string {
    const id = `${this.#clock.now()}.0.${this.#ids.secret(16)}`;
    const trigger = { userId, createdAtMs: this.#clock.now(), isUsed: false };
    this.#triggers.set(id, viewId === undefined ? trigger : { ...trigger, viewId });
    return id;
  }

  /** Checks a trigger without using it up: a refused view leaves it good. */
  check(id: string): Trigger {
    const trigger = this.#triggers.get(id) ?? refuse("invalid_trigger_id");
    if (trigger.isUsed) refuse("exchanged_trigger_id");
    if (this.#clock.now() - trigger.createdAtMs > triggerLifeMs) refuse("expired_trigger_id");
    return trigger;
  }
}
