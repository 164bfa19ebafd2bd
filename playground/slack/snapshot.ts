import type {
  Channel,
  EphemeralMessage,
  Message,
  Notification,
  OpenView,
  Person,
  PersonError,
  UserGroup,
} from "./model.ts";
import type { World } from "./world.ts";

/** The whole state a page draws; JSON-serialisable and a copy. */
export interface Snapshot {
  readonly team: { readonly id: string; readonly domain: string };
  readonly botUserId: string;
  readonly connections: number;
  readonly users: readonly Person[];
  readonly groups: readonly UserGroup[];
  readonly channels: readonly Channel[];
  /** Oldest first, replies among them (`threadTs`); deleted ones are left out. */
  readonly messages: readonly Message[];
  readonly ephemerals: readonly EphemeralMessage[];
  /** Open modals per user id, the topmost last. */
  readonly modals: Readonly<Record<string, readonly OpenView[]>>;
  readonly homes: Readonly<Record<string, OpenView>>;
  readonly notifications: readonly Notification[];
  readonly errors: readonly PersonError[];
}

export function takeSnapshot(world: World): Snapshot {
  const { directory, messages, views } = world;
  return structuredClone({
    team: { id: world.settings.teamId, domain: world.settings.teamDomain },
    botUserId: world.settings.botUserId,
    connections: world.socket.connectionCount,
    users: [...directory.users.values()],
    groups: [...directory.groups.values()],
    channels: [...directory.channels.values()],
    messages: messages.all.filter(({ isDeleted }) => !isDeleted),
    ephemerals: messages.ephemeral.filter(({ isDeleted }) => !isDeleted),
    modals: Object.fromEntries(views.stacks),
    homes: Object.fromEntries(views.homes),
    notifications: world.notifications,
    errors: world.errors,
  });
}
