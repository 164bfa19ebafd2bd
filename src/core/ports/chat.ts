import type { AddonSummary } from "../addon.ts";
import type { Answer } from "../answer.ts";
import type { FormAnswer, FormSelection, SubmitAnswer } from "../form.ts";
import type { Member, Place, PlatformId } from "../member.ts";
import type { Migration } from "../migration.ts";
import type { Notification } from "../notification.ts";
import type { ThreadRef } from "../outbox.ts";
import type { Refusal } from "../verdict.ts";
import type { Diagnosis } from "./provider.ts";

/** What a platform can do; named facts instead of asking for its name. */
export interface ChatCapabilities {
  /** Several edits of one message within this time are one edit, in milliseconds. */
  readonly editIntervalMs: number;
}

/** A chat platform: carries people's actions in and notifications out. */
export interface ChatPort {
  readonly platform: PlatformId;
  readonly capabilities: ChatCapabilities;
  /** Connects and starts to hand actions to `inbound`. Rejects with a `GodwitError` when the token is refused. */
  start(inbound: ChatInbound): Promise<void>;
  /** Posts a new message; replies to the thread's root unless there is none yet. Throws `DeliveryError`. */
  post(thread: ThreadRef, notification: Notification, nonce: string): Promise<string>;
  /**
   * Changes a posted message; resolves with the ID of the message that shows it now. That is another one where a
   * platform takes no edits of old messages and the news had to be posted anew. Throws `DeliveryError`.
   */
  update(thread: ThreadRef, edited: EditedMessage, notification: Notification): Promise<string>;
  /** Looks for a message whose delivery is in doubt: its ID, `absent`, or `unknown` where one cannot tell. */
  find(thread: ThreadRef, nonce: string): Promise<{ readonly id: string } | "absent" | "unknown">;
  /** Link to a thread's root message; null where the platform gives none. */
  link(thread: ThreadRef): Promise<string | null>;
  diagnose(): Promise<readonly Diagnosis[]>;
  /** Makes the platform offer `/db` with its subcommands as they are now; repeating it changes nothing. */
  deployCommands(): Promise<CommandDeployment>;
  /** Whether the connection that carries people's actions is up, or another process holds it. */
  isConnected(): boolean;
  stop(): Promise<void>;
}

/** A message to be changed; `nonce` is the edit's own, the same over all attempts. */
export interface EditedMessage {
  readonly id: string;
  readonly nonce: string;
}

/** What became of a platform's list of commands; `elsewhere` where it is no bot's business. */
export interface CommandDeployment {
  readonly kind: "deployed" | "unchanged" | "elsewhere";
  /** One sentence for the operator. */
  readonly detail: string;
}

/** How a delivery failed and what follows from it. */
export type DeliveryProblem =
  /** Not delivered; try again after the time the platform asked for. */
  | { readonly kind: "rate-limited"; readonly retryAfterMs: number }
  /** Not delivered; try again later. */
  | { readonly kind: "unreachable" }
  /** May have been delivered. */
  | { readonly kind: "doubtful" }
  /** Never will be: the channel is gone, the bot is not in it, the message was deleted… */
  | { readonly kind: "permanent"; readonly code: string };

/** Thrown by `post` and `update`. */
export class DeliveryError extends Error {
  readonly problem: DeliveryProblem;

  constructor(problem: DeliveryProblem, cause?: unknown) {
    super(`delivering a message: ${problem.kind}`, { cause });
    this.name = "DeliveryError";
    this.problem = problem;
  }
}

/** A subcommand as typed: `/db migrate orders` is `name` "migrate" with `options` { addon: "orders" }. */
export interface Invocation {
  readonly member: Member;
  readonly place: Place;
  readonly name: string;
  readonly options: Readonly<Record<string, string>>;
}

/** What the buttons under messages can ask for. */
export type PressAction =
  | "confirm"
  | "consent"
  | "cancel"
  | "recheck"
  | "retry"
  | "acknowledge"
  | "solve"
  | "return"
  | "redeploy"
  | "revert"
  | "wait"
  | "page"
  | "switch"
  | "disarm"
  | "pause"
  | "start"
  | "resume";

/** A pressed button. What it carries is opaque to the platform: a migration ID, and where a plan is agreed to its hash. */
export interface Press {
  /** The platform's ID of this very press; a second delivery of it has no second effect. */
  readonly deliveryId: string;
  readonly member: Member;
  readonly place: Place;
  readonly action: PressAction;
  readonly migrationId: string;
  readonly planHash: string | null;
  /** What the person wrote, for actions that ask for a reason. */
  readonly reason?: string;
  /** The application that is to be deployed anew. */
  readonly applicationId?: string;
}

/** Answer to a press that is only considered. */
export type Consideration =
  /** `redo`: titles of the steps that a retry does again, in order. */
  | { readonly kind: "possible"; readonly migration: Migration; readonly redo: readonly string[] }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** A submitted form. */
export interface Submission {
  readonly deliveryId: string;
  readonly member: Member;
  readonly place: Place;
  readonly selection: FormSelection;
}

/** How the root message of a new thread fared. */
export type RootDelivery =
  | { readonly kind: "sent"; readonly link: string | null }
  | { readonly kind: "waiting" }
  | { readonly kind: "refused"; readonly code: string };

/** Who may use Godwit, asked by a platform before it looks a person up: users and groups of the policy. */
export interface PolicyLists {
  readonly users: readonly string[];
  readonly groups: readonly string[];
}

/** What a platform may ask of Godwit. Every call judges the person's right anew. */
export interface ChatInbound {
  command(invocation: Invocation): Promise<Answer>;
  /** Add-ons whose name or ID contains `query`; empty for people without the right. */
  searchAddons(member: Member, query: string): Promise<readonly AddonSummary[]>;
  form(member: Member, selection: FormSelection): Promise<FormAnswer>;
  /** Checks a selection without side effect, before the form is closed; null when nothing is wrong. */
  submit(submission: Submission): Promise<SubmitAnswer>;
  /** Waits at most `timeoutMs` for the disclaimer of a new migration to be in its channel. */
  rootDelivery(migrationId: string, timeoutMs: number): Promise<RootDelivery>;
  /** Whether a press would have an effect now, and on which migration: asked before a dialog is shown. Does nothing. */
  considerPress(press: Omit<Press, "deliveryId">): Promise<Consideration>;
  press(press: Press): Promise<Answer>;
}
