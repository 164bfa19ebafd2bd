import type { Snapshot } from "../../../slack/index.ts";
import type { Directory } from "./context.ts";

type Source = Pick<Snapshot, "users" | "groups" | "channels" | "botUserId">;

export function makeDirectory({ users, groups, channels, botUserId }: Source, meId: string): Directory {
  return {
    meId,
    botUserId,
    users: new Map(users.map((user) => [user.id, user])),
    groups: new Map(groups.map((group) => [group.id, group])),
    channels: new Map(channels.map((channel) => [channel.id, channel])),
  };
}
