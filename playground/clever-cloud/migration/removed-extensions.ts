import type { Addon, Placement } from "../model.ts";
import { compareVersions } from "./judge-request.ts";
import type { Plot } from "./plot.ts";

/** Extensions of PostgreSQL and the version from which they are gone ("changelog 2025-03-18", "addons/postgresql.md"). */
const goneFrom: Readonly<Record<string, string>> = {
  plcoffee: "16",
  plls: "16",
  plv8: "16",
  adminpack: "17",
};

/**
 * What happens to a database with an extension that the new version lacks: the migration fails and the database stays on
 * its version (the same changelog). Undefined when there is none.
 *
 * guess: that it fails at MANAGE_ACTIVE_EXTENSIONS, and what the step says.
 */
export function plotOfExtensions(addon: Addon, target: Placement): Plot | undefined {
  const missing = addon.extensions.find((extension) => {
    const version = goneFrom[extension];
    return version !== undefined && compareVersions(target.version, version) >= 0;
  });
  if (missing === undefined) return undefined;
  const message = `extension "${missing}" is not available`;
  return { end: "recovered", at: "MANAGE_ACTIVE_EXTENSIONS", message };
}
