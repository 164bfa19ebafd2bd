import type { Snapshot } from "../../../../slack/index.ts";
import type { ChannelEntry, Directory } from "../../store/context.ts";

type Source = Pick<Snapshot, "users" | "groups" | "channels" | "botUserId">;

const channelKinds = { public: "public", private: "private", im: "direct" } as const;

export function makeDirectory({ users, groups, channels, botUserId }: Source, meId: string): Directory {
  const people = users.map(({ id, name, realName, isBot, deleted }) => ({
    id,
    name,
    displayName: realName,
    isBot,
    isGone: deleted,
    color: null,
  }));
  const entries = groups.map(({ id, handle, name, users: memberIds }) => ({
    id,
    handle,
    title: name,
    memberIds,
    color: null,
  }));
  const places = channels.map(
    ({ id, name, kind, isArchived }): ChannelEntry => ({
      id,
      name,
      kind: channelKinds[kind],
      parentId: null,
      isArchived,
    }),
  );
  return {
    meId,
    botUserId,
    users: new Map(people.map((person) => [person.id, person])),
    groups: new Map(entries.map((group) => [group.id, group])),
    channels: new Map(places.map((channel) => [channel.id, channel])),
  };
}
