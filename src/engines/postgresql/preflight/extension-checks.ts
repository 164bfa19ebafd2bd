import { readExtensionTables, SCHEDULERS } from "../extension-data/extension-tables.ts";
import { readExtensions } from "../extensions.ts";
import { quoteText } from "../sql.ts";
import { type Check, findNames, nameCheck } from "./check.ts";

/** Which of two versions such as `1.10` is newer; anything but digits counts as nothing. */
export function compareVersions(one: string, other: string): number {
  const numbers = (version: string): number[] => (version.match(/\d+/g) ?? []).map(Number);
  const [left, right] = [numbers(one), numbers(other)];
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

const OFFERED = "SELECT name, default_version AS version FROM pg_available_extensions";

const extensions: Check = async ({ source, target }) => {
  const { rows } = await target.query<{ name: string; version: string }>(OFFERED);
  const offered = new Map(rows.map(({ name, version }) => [name, version]));
  const wanted = await readExtensions(source);
  const missing = wanted.filter(({ name }) => !offered.has(name)).map(({ name }) => name);
  const older = wanted.filter(({ name, version }) => {
    const theirs = offered.get(name);
    return theirs !== undefined && compareVersions(theirs, version) < 0;
  });
  return [
    ...findNames(missing, {
      check: "extensions",
      level: "blocker",
      summary: (names) => `The new server does not have these extensions: ${names}.`,
      remedy: "Drop the extensions if nothing needs them, or pick another server.",
    }),
    ...findNames(
      older.map(({ name, version }) => `${name} ${version}`),
      {
        check: "extension-versions",
        level: "warning",
        summary: (names) => `The new server has only older versions of these extensions: ${names}.`,
        remedy:
          "Check that nothing needs what the newer version brought, or ask support to update the server.",
      },
    ),
  ];
};

const preloaded: Check = async ({ source, target }) => {
  const read = async (side: typeof source): Promise<string[]> => {
    const { rows } = await side.query<{ libraries: string }>(
      "SELECT current_setting('shared_preload_libraries') AS libraries",
    );
    return (rows[0]?.libraries ?? "").split(",").map((name) => name.trim().replaceAll('"', ""));
  };
  const [ours, theirs] = await Promise.all([read(source), read(target)]);
  const missing = ours.filter((name) => name !== "" && !theirs.includes(name));
  return findNames(missing, {
    check: "preloaded-libraries",
    level: "warning",
    summary: (names) =>
      `The old server loads these libraries at its start, and the new one does not: ${names}.`,
    remedy: "Ask support to load them on the new server, if the application needs them.",
  });
};

/** Rows of people's own in tables of extensions travel, into whatever form the other version has for them. */
const extensionData: Check = async ({ source, target }) => {
  const tables = await readExtensionTables(source);
  const { rows } = await target.query<{ name: string; version: string }>(OFFERED);
  const offered = new Map(rows.map(({ name, version }) => [name, version]));
  const changing = tables.filter(({ extension, version }) => offered.get(extension) !== version);
  return findNames(
    changing.map(({ schema, name, extension }) => `${schema}.${name} of ${extension}`),
    {
      check: "extension-data",
      level: "warning",
      summary: (names) =>
        `Rows in these tables of extensions are carried over into another version of them: ${names}.`,
      remedy: "Check afterwards that the extension works with them, or update it on the old database first.",
    },
  );
};

const scheduledJobs = nameCheck({
  check: "pg-cron",
  level: "warning",
  query: `SELECT extname AS name FROM pg_extension WHERE extname IN (${SCHEDULERS.map(quoteText).join(", ")})`,
  summary: (names) => `Scheduled jobs are not carried over: ${names}.`,
  remedy: "Create the jobs again on the new database.",
});

/** Checks of what extensions need on the new server. */
export const extensionChecks: readonly Check[] = [extensions, preloaded, extensionData, scheduledJobs];
