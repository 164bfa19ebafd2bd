import { randomBytes } from "node:crypto";
import type { FormSelection } from "../../core/form.ts";
import type { Clock } from "../../core/ports/clock.ts";
import { BoundedMap } from "../bounded-map.ts";

const REMEMBERED = 1_000;
const KEPT_MS = 60 * 60_000;
/** Limit of a custom_id (Discord, "Component Reference"). */
const CUSTOM_ID = 100;

/** What the parts of a form are for: `form` is the modal, the others are buttons and a select around it. */
const PURPOSES = ["form", "open", "edit", "again", "addon"] as const;
export type FormPurpose = (typeof PURPOSES)[number];

/** What a custom ID names. */
export interface FormReference {
  readonly purpose: FormPurpose;
  readonly key: string;
  /** Written in the ID itself, so that a restart loses no more than the choices; null where it did not fit. */
  readonly addonId: string | null;
}

interface Kept {
  readonly userId: string;
  readonly until: number;
  readonly selection: FormSelection;
}

/**
 * Remembers what people have chosen. Discord's forms carry 100 characters and nothing tells when one is closed, so
 * the choices are kept here for an hour. They are judged anew whenever they are used.
 */
export class FormContexts {
  readonly #clock: Clock;
  readonly #kept = new BoundedMap<string, Kept>(REMEMBERED);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Keeps choices for one person; the custom ID that brings them back. */
  remember(purpose: FormPurpose, userId: string, selection: FormSelection): string {
    const key = randomBytes(6).toString("base64url");
    this.#kept.set(key, { userId, until: this.#clock.now().getTime() + KEPT_MS, selection });
    const customId = [purpose, key, selection.addonId ?? ""].join(":");
    return customId.length <= CUSTOM_ID ? customId : `${purpose}:${key}:`;
  }

  /** The choices behind a custom ID; the add-on alone when they are forgotten or another person's. */
  recall(reference: FormReference, userId: string): FormSelection {
    const { addonId } = reference;
    return { ...this.#keptOf(reference, userId)?.selection, ...(addonId === null ? {} : { addonId }) };
  }

  /** Whether all of a person's choices are still here, as after a restart they are not. */
  isKept(reference: FormReference, userId: string): boolean {
    return this.#keptOf(reference, userId) !== undefined;
  }

  #keptOf({ key }: FormReference, userId: string): Kept | undefined {
    const kept = this.#kept.get(key);
    const isTheirs = kept?.userId === userId && kept.until > this.#clock.now().getTime();
    return isTheirs ? kept : undefined;
  }
}

/** Reads a custom ID; null when it is not one of a form. */
export function readReference(customId: string): FormReference | null {
  const [name, key, ...rest] = customId.split(":");
  const purpose = PURPOSES.find((known) => known === name);
  if (purpose === undefined || !key) return null;
  return { purpose, key, addonId: rest.join(":") || null };
}
