import type { Directory } from "../state/directory.ts";

/** How ids read on a screen. */
export interface Names {
  user(id: string): string;
  group(id: string): string;
  channel(id: string): string;
}

export const idsAsNames: Names = { user: (id) => id, group: (id) => id, channel: (id) => id };

export function namesFrom(directory: Directory): Names {
  return {
    user: (id) => directory.users.get(id)?.name ?? id,
    group: (id) => directory.groups.get(id)?.handle ?? id,
    channel: (id) => directory.channels.get(id)?.name ?? id,
  };
}
