/** `2025-10-29T16:25:52.525Z` */
export function isoMillis(ms: number): string {
  return new Date(ms).toISOString();
}

/** `2025-10-29T16:25:52.525017Z`; the clock knows no microseconds. */
export function isoMicros(ms: number): string {
  return isoMillis(ms).replace("Z", "017Z");
}

/** `2024-03-12T13:38:33.313Z[UTC]`, as engine details have it ("pkg/tmp/addon.go"). */
export function isoWithZone(ms: number): string {
  return `${isoMillis(ms)}[UTC]`;
}
