import { NUMBERED_VERSIONS } from "../../core/judge-upgrade.ts";
import type { EngineCapabilities, VersionRules } from "../../core/ports/engine-capabilities.ts";
import { RELATIONAL } from "../../core/units.ts";
import { refused } from "../../core/verdict.ts";
import { compareVersions } from "../../core/version.ts";

/** `MariaDB 11.8`, or `9.7` of MySQL, which is the engine's name. */
interface NamedVersion {
  readonly product: "MariaDB" | "MySQL";
  readonly number: string;
}

function read(version: string): NamedVersion {
  const number = version.replace(/^MariaDB /, "");
  return { product: number === version ? "MySQL" : "MariaDB", number };
}

/** MariaDB and MySQL parted ways: neither reads all that the other writes, so moving between them is another engine. */
const VERSIONS: VersionRules = {
  compare(left, right) {
    const [one, other] = [read(left), read(right)];
    if (one.product !== other.product) return one.product === "MariaDB" ? -1 : 1;
    return compareVersions(one.number, other.number);
  },
  judge(addon, version) {
    const [from, to] = [read(addon.version), read(version)];
    if (from.product === to.product)
      return NUMBERED_VERSIONS.judge({ name: addon.name, version: from.number }, to.number);
    return refused({
      code: "other-engine",
      field: "version",
      summary: `${addon.name} runs ${from.product}, and ${to.product} is another engine.`,
      remedy: `Pick a version of ${from.product}.`,
    });
  },
};

/** What MySQL and MariaDB are like. */
export const capabilities: EngineCapabilities = {
  strategies: ["dump", "live"],
  hasSchema: true,
  addonsPerServer: "many",
  residence: "disk",
  // Sequences of MariaDB, and the next AUTO_INCREMENT value of tables.
  units: { ...RELATIONAL, counter: "counter" },
  url: {
    protocols: ["mysql:", "mariadb:"],
    defaultPort: 3306,
    example: "mysql://root:password@host:3306",
  },
  versions: VERSIONS,
};
