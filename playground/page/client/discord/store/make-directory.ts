import type { Channel, Role, Snapshot } from "../../../../discord/index.ts";
import type { ChannelEntry, Directory } from "../../store/context.ts";

type Source = Pick<Snapshot, "users" | "roles" | "channels" | "botUserId">;

export function makeDirectory({ users, roles, channels, botUserId }: Source, meId: string): Directory {
  const people = users.map(({ id, name, displayName, isBot, isMember, roles: held }) => ({
    id,
    name,
    displayName,
    isBot,
    isGone: !isMember,
    color: colorOf(roles.filter((role) => held.includes(role.id))),
  }));
  const groups = roles.map((role) => ({
    id: role.id,
    handle: role.name,
    title: role.name,
    memberIds: users.filter(({ roles: held }) => held.includes(role.id)).map(({ id }) => id),
    color: colorOf([role]),
  }));
  return {
    meId,
    botUserId,
    users: new Map(people.map((person) => [person.id, person])),
    groups: new Map(groups.map((group) => [group.id, group])),
    channels: new Map(channels.map((channel) => [channel.id, entryOf(channel)])),
  };
}

/** That of the highest role which has one ("Discord, Role Object": 0 is none). */
function colorOf(roles: readonly Role[]): string | null {
  const [highest] = roles
    .filter(({ color }) => color !== 0)
    .toSorted((left, right) => right.position - left.position);
  return highest ? hexColor(highest.color) : null;
}

/** `#e67e22` of 0xe67e22. */
export function hexColor(rgb: number): string {
  return `#${rgb.toString(16).padStart(6, "0")}`;
}

function entryOf({ id, name, kind, parentId, members, thread }: Channel): ChannelEntry {
  const place = members === "everyone" ? "public" : "private";
  return {
    id,
    name,
    kind: kind === "dm" ? "direct" : thread ? "thread" : place,
    parentId,
    isArchived: thread?.isArchived === true,
  };
}
