import type { Channel, Person, UserGroup } from "./model.ts";

const teamId = "T0LOCAL";
const strangerTeamId = "T0STRANGER";

export type PersonKind = "member" | "admin" | "guest" | "ultra-guest" | "bot" | "deleted" | "stranger";

export interface PersonOptions {
  readonly name: string;
  readonly id?: string;
  readonly realName?: string;
  readonly kind?: PersonKind;
}

export interface GroupOptions {
  readonly id: string;
  readonly handle: string;
  readonly name?: string;
  /** User names. */
  readonly users: readonly string[];
  readonly isDisabled?: boolean;
}

export interface ChannelOptions {
  /** With or without `#`. */
  readonly name: string;
  readonly id?: string;
  /** `im` with `hasBot: false` is a conversation between people, where the bot can only answer by response_url. */
  readonly kind?: "public" | "private" | "im";
  /** User names; everyone when left out. */
  readonly members?: readonly string[];
  /** Whether the bot was invited; true when left out. */
  readonly hasBot?: boolean;
  readonly isArchived?: boolean;
  readonly isExtShared?: boolean;
}

export const defaultPeople: readonly PersonOptions[] = [
  { name: "alice", realName: "Alice Martin" },
  { name: "bob", realName: "Bob Durand" },
  { name: "sam", realName: "Sam Support" },
  { name: "admin", realName: "Ada Admin", kind: "admin" },
  { name: "gina", realName: "Gina Guest", kind: "guest" },
  { name: "eve", realName: "Eve Elsewhere", kind: "stranger" },
];

export const defaultGroups: readonly GroupOptions[] = [
  { id: "S0SUPPORT", handle: "support", name: "Database support", users: ["sam"] },
];

export const defaultChannels: readonly ChannelOptions[] = [{ name: "databases", id: "C0DATABASES" }];

export function makePerson(options: PersonOptions): Person {
  const kind = options.kind ?? "member";
  return {
    id: options.id ?? `U0${options.name.toUpperCase().replaceAll(/[^A-Z0-9]/g, "")}`,
    name: options.name,
    realName: options.realName ?? options.name,
    teamId: kind === "stranger" ? strangerTeamId : teamId,
    email: `${options.name}@example.com`,
    timezone: "Europe/Paris",
    isAdmin: kind === "admin",
    isRestricted: kind === "guest" || kind === "ultra-guest",
    isUltraRestricted: kind === "ultra-guest",
    isBot: kind === "bot",
    isStranger: kind === "stranger",
    deleted: kind === "deleted",
  };
}

export function makeGroup(options: GroupOptions, userId: (name: string) => string): UserGroup {
  return {
    id: options.id,
    handle: options.handle,
    name: options.name ?? options.handle,
    users: options.users.map(userId),
    dateDelete: options.isDisabled === true ? 1_700_000_000 : 0,
  };
}

export function makeChannel(
  options: ChannelOptions,
  people: { everyone: readonly string[]; userId: (name: string) => string },
): Channel {
  const name = options.name.replace(/^#/, "");
  return {
    id:
      options.id ??
      `${options.kind === "im" ? "D0" : "C0"}${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, "")}`,
    name,
    kind: options.kind ?? "public",
    members: options.members?.map(people.userId) ?? [...people.everyone],
    hasBot: options.hasBot ?? true,
    isArchived: options.isArchived ?? false,
    isExtShared: options.isExtShared ?? false,
  };
}
