import { Feed as LocalFeed } from "../local/feed.ts";
import type {
  ApiCall,
  Channel,
  EphemeralMessage,
  InteractionState,
  Message,
  Notification,
  OpenModal,
  Person,
  PersonError,
  RegisteredCommand,
} from "./model.ts";

/** Everything that changes on a screen. Objects are live: copy what you keep. */
export type DiscordChange =
  | { readonly kind: "message-posted"; readonly message: Message }
  | { readonly kind: "message-edited"; readonly message: Message }
  | { readonly kind: "message-deleted"; readonly message: Message }
  | { readonly kind: "ephemeral-posted"; readonly message: EphemeralMessage }
  | { readonly kind: "ephemeral-edited"; readonly message: EphemeralMessage }
  | { readonly kind: "ephemeral-deleted"; readonly message: EphemeralMessage }
  /** Channels and threads. */
  | { readonly kind: "channel-created"; readonly channel: Channel }
  | { readonly kind: "channel-updated"; readonly channel: Channel }
  | { readonly kind: "channel-deleted"; readonly channel: Channel }
  | { readonly kind: "modal-opened"; readonly modal: OpenModal }
  | { readonly kind: "modal-updated"; readonly modal: OpenModal }
  | { readonly kind: "modal-closed"; readonly modal: OpenModal }
  | { readonly kind: "interaction-updated"; readonly interaction: InteractionState }
  | { readonly kind: "commands-registered"; readonly commands: readonly RegisteredCommand[] }
  | { readonly kind: "person-updated"; readonly person: Person }
  | { readonly kind: "notification"; readonly notification: Notification }
  | { readonly kind: "error"; readonly error: PersonError }
  | { readonly kind: "connections"; readonly count: number }
  | { readonly kind: "api-call"; readonly call: ApiCall };

export type ChangeListener = (change: DiscordChange) => void;

/** The change feed of the local Discord. */
export class Feed extends LocalFeed<DiscordChange> {}
