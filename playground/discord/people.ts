import type { Channel, ChannelKind, Person, Role } from "./model.ts";
import { bits, everyonePermissions, type Permission } from "./permissions.ts";

export interface PersonOptions {
  readonly name: string;
  readonly id?: string;
  readonly displayName?: string;
  readonly kind?: "member" | "guest" | "bot" | "stranger";
  /** Role names. */
  readonly roles?: readonly string[];
}

export interface RoleOptions {
  readonly name: string;
  readonly id?: string;
  readonly color?: number;
  readonly mentionable?: boolean;
  readonly permissions?: readonly Permission[];
}

export interface ChannelOptions {
  /** With or without `#`. */
  readonly name: string;
  readonly id?: string;
  readonly kind?: Exclude<ChannelKind, "thread" | "private-thread">;
  /** User names; everyone in the guild when left out. */
  readonly members?: readonly string[];
  /** Whether the bot may see it; true when left out. */
  readonly hasBot?: boolean;
}

export const guildId = "300000000000000001";
export const applicationId = "400000000000000001";

export const defaultRoles: readonly RoleOptions[] = [
  { name: "support", id: "100000000000000001", color: 0xe67e22, mentionable: true },
  { name: "dba", id: "100000000000000002", color: 0x3498db },
  { name: "admins", id: "100000000000000003", color: 0xe74c3c, permissions: ["administrator"] },
];

export const defaultPeople: readonly PersonOptions[] = [
  { name: "alice", id: "200000000000000001", displayName: "Alice Martin", roles: ["dba"] },
  { name: "bob", id: "200000000000000002", displayName: "Bob Durand", roles: ["dba"] },
  { name: "sam", id: "200000000000000003", displayName: "Sam Support", roles: ["support"] },
  { name: "admin", id: "200000000000000004", displayName: "Ada Admin", roles: ["admins"] },
  { name: "gina", id: "200000000000000005", displayName: "Gina Guest", kind: "guest" },
  { name: "eve", id: "200000000000000006", displayName: "Eve Elsewhere" },
  { name: "dan", id: "200000000000000007", displayName: "Dan the Bot", kind: "bot" },
];

export const defaultChannels: readonly ChannelOptions[] = [{ name: "databases", id: "500000000000000001" }];

const joinedAtMs = Date.UTC(2024, 0, 1);

export function makePerson(
  options: PersonOptions,
  make: { id: () => string; roleId: (name: string) => string },
): Person {
  const kind = options.kind ?? "member";
  return {
    id: options.id ?? make.id(),
    name: options.name,
    displayName: options.displayName ?? options.name,
    isBot: kind === "bot",
    isGuest: kind === "guest",
    isMember: kind !== "stranger",
    roles: (options.roles ?? []).map(make.roleId),
    joinedAtMs,
  };
}

export function makeRole(options: RoleOptions, make: { id: () => string; position: number }): Role {
  return {
    id: options.id ?? make.id(),
    name: options.name,
    color: options.color ?? 0,
    position: make.position,
    permissions: bits(...(options.permissions ?? [])).toString(),
    mentionable: options.mentionable ?? false,
  };
}

/** The role everyone has; its id is the guild's ("Discord, Role Object"). */
export function everyoneRole(): Role {
  return {
    id: guildId,
    name: "@everyone",
    color: 0,
    position: 0,
    permissions: everyonePermissions.toString(),
    mentionable: false,
  };
}

export function makeChannel(
  options: ChannelOptions,
  make: { id: () => string; nowMs: number; userId: (name: string) => string },
): Channel {
  return {
    id: options.id ?? make.id(),
    name: options.name.replace(/^#/, ""),
    kind: options.kind ?? "text",
    parentId: null,
    members: options.members?.map(make.userId) ?? "everyone",
    hasBot: options.hasBot ?? true,
    botPermissions: null,
    createdAtMs: make.nowMs,
    thread: null,
    isDeleted: false,
  };
}
