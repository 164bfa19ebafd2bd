import { NUMBERED_VERSIONS } from "../../core/judge-upgrade.ts";
import type { EngineCapabilities } from "../../core/ports/engine-capabilities.ts";
import { RELATIONAL } from "../../core/units.ts";

/** What PostgreSQL is like. */
export const capabilities: EngineCapabilities = {
  strategies: ["dump", "live"],
  hasSchema: true,
  addonsPerServer: "many",
  residence: "disk",
  units: RELATIONAL,
  url: {
    protocols: ["postgres:", "postgresql:"],
    defaultPort: 5432,
    example: "postgres://admin:password@host:5432/postgres",
  },
  versions: NUMBERED_VERSIONS,
};
