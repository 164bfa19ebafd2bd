import type {
  Channel,
  EphemeralMessage,
  InteractionState,
  Message,
  Notification,
  OpenModal,
  Person,
  PersonError,
  RegisteredCommand,
  Role,
} from "./model.ts";
import type { World } from "./world.ts";

/** The whole state a page draws; JSON-serialisable and a copy. */
export interface Snapshot {
  readonly guild: { readonly id: string; readonly name: string; readonly ownerId: string };
  readonly applicationId: string;
  readonly botUserId: string;
  /** Open gateway connections. */
  readonly connections: number;
  /** People and bots, also those who are not in the guild (`isMember`). */
  readonly users: readonly Person[];
  /** The role of everyone has the guild's id. Highest position first decides a name's colour. */
  readonly roles: readonly Role[];
  /** Threads among them (`parentId`, `thread`). */
  readonly channels: readonly Channel[];
  /** Oldest first; those of a thread have its id as `channelId`. */
  readonly messages: readonly Message[];
  readonly ephemerals: readonly EphemeralMessage[];
  /** Open modals per user id, the topmost last. */
  readonly modals: Readonly<Record<string, readonly OpenModal[]>>;
  /** What each person did and what became of it, per user id, the newest last. */
  readonly interactions: Readonly<Record<string, readonly InteractionState[]>>;
  readonly commands: readonly RegisteredCommand[];
  readonly notifications: readonly Notification[];
  readonly errors: readonly PersonError[];
}

export function takeSnapshot(world: World): Snapshot {
  const { directory, messages, settings } = world;
  return structuredClone({
    guild: { id: settings.guildId, name: settings.guildName, ownerId: settings.ownerId },
    applicationId: settings.applicationId,
    botUserId: settings.applicationId,
    connections: world.gateway.connectionCount,
    users: [...directory.users.values()],
    roles: [...directory.roles.values()],
    channels: [...directory.channels.values()].filter(({ isDeleted }) => !isDeleted),
    messages: messages.all.filter(({ isDeleted }) => !isDeleted),
    ephemerals: messages.ephemeral.filter(({ isDeleted }) => !isDeleted),
    modals: Object.fromEntries(world.modals.open),
    interactions: world.interactions.statesByUser(),
    commands: world.commands.all,
    notifications: world.notifications,
    errors: world.errors,
  });
}
