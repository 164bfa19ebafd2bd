import { formatDuration } from "../../core/format.ts";
import type { WindowEstimate } from "../../core/preflight.ts";
import type { PlatformMigration } from "./api/schemas.ts";
import { endOf, findStep, readOnlyTimes } from "./phases.ts";

/** So many past runs of the same add-on count. */
const COUNTED = 5;
/** Data grows and machines differ: the range is wider than what was measured. */
const SPREAD = { least: 0.8, most: 1.5 };

/** How long the database will be read-only, by the add-on's own past migrations, which the platform remembers. */
export function estimateWindow(newestFirst: readonly PlatformMigration[]): WindowEstimate {
  const runs = newestFirst.filter(({ status }) => status === "OK").slice(0, COUNTED);
  const seconds = runs.flatMap((run) => readOnlySeconds(run) ?? []);
  const [last] = runs;
  if (last === undefined || seconds.length === 0) return unknownWindow();
  return {
    minSeconds: Math.min(...seconds) * SPREAD.least,
    maxSeconds: Math.max(...seconds) * SPREAD.most,
    source: lastTime(last),
  };
}

/** How long the longest of the add-on's last migrations took, in milliseconds; null when there was none. */
export function longestRunMs(newestFirst: readonly PlatformMigration[]): number | null {
  const runs = newestFirst.filter(({ status }) => status === "OK").slice(0, COUNTED);
  const spans = runs.flatMap((run) => spanMs(run.requestDate, endOf(run)) ?? []);
  return spans.length === 0 ? null : Math.max(...spans);
}

/** `Last time 6 min 12 s, of which copy 4 min.` */
function lastTime(run: PlatformMigration): string {
  const total = spanMs(run.requestDate, endOf(run));
  const copy = findStep(run, "DUMP_AND_RESTORE");
  const copyMs = spanMs(copy?.startDate, copy?.endDate);
  const part = copyMs === null ? "" : `, of which copy ${formatDuration(copyMs)}`;
  return `Last time the whole migration took ${formatDuration(total ?? 0)}${part}.`;
}

function readOnlySeconds(run: PlatformMigration): number | null {
  const { from, until } = readOnlyTimes(run);
  const ms = spanMs(from, until);
  return ms === null ? null : ms / 1000;
}

function spanMs(from: Date | null | undefined, until: Date | null | undefined): number | null {
  return from && until ? Math.max(0, until.getTime() - from.getTime()) : null;
}

function unknownWindow(): WindowEstimate {
  return {
    minSeconds: 60,
    maxSeconds: 3_600,
    source:
      "This is a guess: Clever Cloud publishes no durations and has not migrated this database before. It grows with the data.",
  };
}
