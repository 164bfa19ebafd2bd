/** Permission bits ("Discord, Permissions"). */
export const permissions = {
  administrator: 1n << 3n,
  manageChannels: 1n << 4n,
  viewChannel: 1n << 10n,
  sendMessages: 1n << 11n,
  manageMessages: 1n << 13n,
  embedLinks: 1n << 14n,
  attachFiles: 1n << 15n,
  readMessageHistory: 1n << 16n,
  mentionEveryone: 1n << 17n,
  useApplicationCommands: 1n << 31n,
  manageThreads: 1n << 34n,
  createPublicThreads: 1n << 35n,
  createPrivateThreads: 1n << 36n,
  sendMessagesInThreads: 1n << 38n,
  pinMessages: 1n << 51n,
} as const;

export type Permission = keyof typeof permissions;

export function bits(...names: readonly Permission[]): bigint {
  return names.reduce((sum, name) => sum | permissions[name], 0n);
}

/** What an invited Godwit has. */
export const defaultBotPermissions = bits(
  "viewChannel",
  "sendMessages",
  "sendMessagesInThreads",
  "createPublicThreads",
  "manageThreads",
  "attachFiles",
  "embedLinks",
  "readMessageHistory",
);

/** What everyone in the guild has. */
export const everyonePermissions = bits(
  "viewChannel",
  "sendMessages",
  "sendMessagesInThreads",
  "createPublicThreads",
  "attachFiles",
  "embedLinks",
  "readMessageHistory",
  "useApplicationCommands",
);

/** Administrators may everything. */
export function isPermitted(held: bigint, wanted: bigint): boolean {
  return (held & permissions.administrator) !== 0n || (held & wanted) === wanted;
}
