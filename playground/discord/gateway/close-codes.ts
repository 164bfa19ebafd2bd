/** Gateway close codes ("Discord, Opcodes and Status Codes"). */
export const closeCodes = {
  unknownError: 4000,
  unknownOpcode: 4001,
  decodeError: 4002,
  notAuthenticated: 4003,
  authenticationFailed: 4004,
  alreadyAuthenticated: 4005,
  invalidSequence: 4007,
  rateLimited: 4008,
  sessionTimedOut: 4009,
  invalidShard: 4010,
  invalidApiVersion: 4012,
  invalidIntents: 4013,
  disallowedIntents: 4014,
} as const;

/** After these the session is over; after all others, also an abnormal end, it can be resumed ("Discord, Gateway"). */
export const endingCodes: ReadonlySet<number> = new Set([
  1000,
  1001,
  closeCodes.authenticationFailed,
  closeCodes.invalidSequence,
  closeCodes.sessionTimedOut,
  closeCodes.invalidShard,
  4011,
  closeCodes.invalidApiVersion,
  closeCodes.invalidIntents,
  closeCodes.disallowedIntents,
]);
