import type { Directory } from "../state/directory.ts";

/** Names to print for ids. */
export interface Names {
  readonly user: (id: string) => string;
  readonly role: (id: string) => string;
  readonly channel: (id: string) => string;
}

export const idsAsNames: Names = { user: (id) => id, role: (id) => id, channel: (id) => id };

export function namesFrom(directory: Directory): Names {
  return {
    user: (id) => directory.users.get(id)?.name ?? id,
    role: (id) => directory.roles.get(id)?.name ?? id,
    channel: (id) => directory.channels.get(id)?.name ?? id,
  };
}
