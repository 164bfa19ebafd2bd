const KIB = 1024;
const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

/** Writes a size in binary units with at most one decimal: `1.5 GiB`, `40 GiB`, `512 B`. */
export function formatBytes(bytes: number): string {
  let [value, unit] = [bytes, 0];
  while (value >= KIB && unit < UNITS.length - 1) [value, unit] = [value / KIB, unit + 1];
  const digits = unit === 0 || value >= 100 || Number.isInteger(value) ? 0 : 1;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

/** Writes a whole number with thin groups of three: `1,000,000`. */
export function formatCount(count: number): string {
  return Math.round(count).toLocaleString("en-US");
}

/** Writes a duration as people say it: `0.4 s`, `12 s`, `6 min 12 s`, `2 h 5 min`. */
export function formatDuration(ms: number): string {
  if (ms < 9_950) return `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return joinUnits(Math.floor(seconds / 60), "min", seconds % 60, "s");
  const minutes = Math.round(seconds / 60);
  return joinUnits(Math.floor(minutes / 60), "h", minutes % 60, "min");
}

/** Writes a range of durations in whole units, rounded outward: `2 to 8 s`, `6 to 9 min`, `1 s`. */
export function formatRange(minMs: number, maxMs: number): string {
  if (maxMs >= 3_600_000) return `${formatDuration(minMs)} to ${formatDuration(maxMs)}`;
  const [unit, unitMs] = maxMs < 120_000 ? ["s", 1_000] : ["min", 60_000];
  const [from, to] = [Math.max(1, Math.floor(minMs / unitMs)), Math.max(1, Math.ceil(maxMs / unitMs))];
  return from === to ? `${to} ${unit}` : `${from} to ${to} ${unit}`;
}

function joinUnits(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}
