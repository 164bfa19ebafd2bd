/** Bits of IDENTIFY's `intents` ("Discord, Gateway Intents"). */
export const intents = {
  /** Events that are sent to everyone, interactions for instance. */
  none: 0,
  guilds: 1 << 0,
  guildMembers: 1 << 1,
  guildPresences: 1 << 8,
  guildMessages: 1 << 9,
  messageContent: 1 << 15,
} as const;

/** Only with a switch in the developer portal. */
export const privilegedIntents = intents.guildMembers | intents.guildPresences | intents.messageContent;

/** Every bit there is: 0 to 16, 20, 21, 24 and 25. */
export const knownIntents = 0x1_ff_ff | (1 << 20) | (1 << 21) | (1 << 24) | (1 << 25);
