import { Feed as LocalFeed } from "../local/feed.ts";
import type { ApiCall, EphemeralMessage, Message, Notification, OpenView, PersonError } from "./model.ts";

/** Everything that changes on a screen. Objects are live: copy what you keep. */
export type SlackChange =
  | { readonly kind: "message-posted"; readonly message: Message }
  | { readonly kind: "message-edited"; readonly message: Message }
  | { readonly kind: "message-deleted"; readonly message: Message }
  | { readonly kind: "ephemeral-posted"; readonly message: EphemeralMessage }
  | { readonly kind: "ephemeral-edited"; readonly message: EphemeralMessage }
  | { readonly kind: "ephemeral-deleted"; readonly message: EphemeralMessage }
  | { readonly kind: "view-opened"; readonly userId: string; readonly view: OpenView }
  | { readonly kind: "view-updated"; readonly userId: string; readonly view: OpenView }
  | { readonly kind: "view-closed"; readonly userId: string; readonly viewId: string }
  | { readonly kind: "home-published"; readonly userId: string; readonly view: OpenView }
  | { readonly kind: "notification"; readonly notification: Notification }
  | { readonly kind: "error"; readonly error: PersonError }
  | { readonly kind: "connections"; readonly count: number }
  | { readonly kind: "api-call"; readonly call: ApiCall };

export type ChangeListener = (change: SlackChange) => void;

/** The change feed of the local Slack. */
export class Feed extends LocalFeed<SlackChange> {}
