import type { Actor } from "../core/member.ts";
import type { PressAction } from "../core/ports/chat.ts";

/**
 * What people read, before a platform gives it its form. Text is a list of pieces rather than one marked-up
 * string, so that a name from outside can never become a mention, a link or bold type.
 */
export type Inline =
  | string
  | { readonly kind: "bold"; readonly text: string }
  | { readonly kind: "code"; readonly text: string }
  /** Shown in each reader's own time zone where the platform can. */
  | { readonly kind: "time"; readonly at: Date; readonly isFull?: boolean }
  /** `url` comes from the platform itself, never from outside. */
  | { readonly kind: "link"; readonly text: string; readonly url: string }
  | { readonly kind: "person"; readonly actor: Actor }
  /** A channel of the platform that shows the message, by its ID. */
  | { readonly kind: "channel"; readonly id: string }
  /** Whoever the configuration names as support on this platform. */
  | { readonly kind: "support" };

export type Text = readonly Inline[];

export interface Fact {
  readonly label: string;
  readonly value: Text;
}

/** A step of the progress card; `state` is said in words as well, so that no symbol carries it alone. */
export interface StepLine {
  readonly id: string;
  readonly title: string;
  readonly state: "pending" | "running" | "done" | "failed" | "undone";
  /** The state in words with its time, such as `Done in 6.0 s`. */
  readonly words: string;
  /** What is done, how fast, how long it takes; null when there is nothing to say. */
  readonly detail: string | null;
}

/** The dialog that asks once more before a button has its effect. */
export interface ConfirmDialog {
  readonly title: string;
  readonly text: string;
  readonly confirm: string;
  readonly deny: string;
}

/** A button that asks Godwit for something. Carries IDs only; the right is judged when it is pressed. */
export interface PressButton {
  readonly action: PressAction;
  readonly label: string;
  readonly style: "primary" | "danger" | "plain";
  readonly migrationId: string;
  readonly planHash?: string;
  /** The application that it is about. */
  readonly applicationId?: string;
  readonly confirm?: ConfirmDialog;
}

export type Part =
  | { readonly kind: "heading"; readonly text: string }
  | { readonly kind: "paragraph"; readonly text: Text }
  | { readonly kind: "facts"; readonly facts: readonly Fact[] }
  | { readonly kind: "list"; readonly items: readonly Text[] }
  | { readonly kind: "steps"; readonly title: string; readonly steps: readonly StepLine[] }
  /** Small print. */
  | { readonly kind: "note"; readonly text: Text }
  /** Text as it is, in fixed width, for where no file goes with the message; its end is cut to the platform's room. */
  | { readonly kind: "verbatim"; readonly text: string }
  | { readonly kind: "divider" }
  | { readonly kind: "buttons"; readonly buttons: readonly PressButton[] };

/** A file that goes with a message, where the platform can carry one. Holds no secret. */
export interface Attachment {
  /** Lower case letters, digits, `-`, `_` and `.` only. */
  readonly name: string;
  readonly text: string;
}

/** A message without a platform. */
export interface Message {
  /** Plain text that gives the full meaning where the parts are not shown: notifications, screen readers. */
  readonly summary: string;
  readonly parts: readonly Part[];
  /** What says more than fits into a message; nothing in it is needed to act. */
  readonly attachment?: Attachment;
}

/** Bold type. */
export function bold(text: string): Inline {
  return { kind: "bold", text };
}

/** Fixed-width type, for IDs, codes and names of variables. */
export function code(text: string): Inline {
  return { kind: "code", text };
}

/** A moment with its day of the week, shown in the reader's time zone. */
export function fullTime(at: Date): Inline {
  return { kind: "time", at, isFull: true };
}

/** A moment, shown in the reader's time zone. */
export function time(at: Date): Inline {
  return { kind: "time", at };
}

/** A mention of a person; their name where they are of another platform. */
export function person(actor: Actor): Inline {
  return { kind: "person", actor };
}

/** A mention of support. */
export const SUPPORT: Inline = { kind: "support" };

export function heading(text: string): Part {
  return { kind: "heading", text };
}

export function paragraph(...text: Text): Part {
  return { kind: "paragraph", text };
}

export function note(...text: Text): Part {
  return { kind: "note", text };
}

export function list(items: readonly Text[]): Part {
  return { kind: "list", items };
}

/** A fact of plain words. */
export function fact(label: string, ...value: Text): Fact {
  return { label, value };
}
