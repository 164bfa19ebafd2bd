/** Discord counts from the first second of 2015 (Discord, "API Reference", Snowflakes). */
const EPOCH_MS = 1_420_070_400_000n;

/** When Discord made the thing with this ID. */
export function createdAt(id: string): Date {
  return new Date(Number((BigInt(id) >> 22n) + EPOCH_MS));
}
