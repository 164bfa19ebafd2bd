/** Bits of a message's `flags` ("Discord, Message Flags"). */
export const messageFlags = {
  suppressEmbeds: 1 << 2,
  hasThread: 1 << 5,
  ephemeral: 1 << 6,
  loading: 1 << 7,
  suppressNotifications: 1 << 12,
  componentsV2: 1 << 15,
} as const;

/** Bit of a member's `flags` ("Discord, Guild Member Flags"). */
export const guestFlag = 1 << 4;

export function hasFlag(flags: number, flag: number): boolean {
  return (flags & flag) !== 0;
}
