import { NUMBERED_VERSIONS } from "../../core/judge-upgrade.ts";
import type { VersionRules } from "../../core/ports/engine-capabilities.ts";
import { ALLOWED, refused } from "../../core/verdict.ts";
import { compareVersions } from "../../core/version.ts";

const VALKEY = "Valkey ";

/** Whether a version is Valkey's; one without a name is Redis's. */
export function isValkey(version: string): boolean {
  return version.startsWith(VALKEY);
}

/** The number in a version. */
export function numberOf(version: string): string {
  return isValkey(version) ? version.slice(VALKEY.length) : version;
}

/**
 * A version as people choose it: the release line, `8.0` of Redis and `Valkey 9.1`. Valkey says in
 * `redis_version` which Redis it is compatible with, and its own version beside it.
 */
export function readVersion(info: ReadonlyMap<string, string>): {
  readonly version: string;
  readonly fullVersion: string;
} {
  const valkey = info.get("valkey_version");
  const full = valkey ?? info.get("redis_version") ?? "0.0";
  const prefix = valkey === undefined ? "" : VALKEY;
  const line = full.split(".").slice(0, 2).join(".");
  return { version: `${prefix}${line}`, fullVersion: `${prefix}${full}` };
}

/**
 * Redis may become Valkey, which grew out of it and reads what it holds; never the other way, since Redis has
 * changed its formats since. What a newer Redis has and Valkey has not is found in the data by preflight.
 */
export const VERSIONS: VersionRules = {
  compare(left, right) {
    if (isValkey(left) !== isValkey(right)) return isValkey(left) ? -1 : 1;
    return compareVersions(numberOf(left), numberOf(right));
  },
  judge(addon, version) {
    if (isValkey(addon.version) === isValkey(version)) {
      const numbers = { name: addon.name, version: numberOf(addon.version) };
      return NUMBERED_VERSIONS.judge(numbers, numberOf(version));
    }
    if (isValkey(version)) return ALLOWED;
    return refused({
      code: "engine-change",
      field: "version",
      summary: `${addon.name} runs ${addon.version}, and what Valkey holds does not go back to Redis.`,
      remedy: "Pick a version of Valkey.",
    });
  },
};
