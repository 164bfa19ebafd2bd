import { NUMBERED_VERSIONS } from "../../core/judge-upgrade.ts";
import type { EngineCapabilities } from "../../core/ports/engine-capabilities.ts";

/** What MongoDB is like: collections have options and indexes, which are copied with them under the fence. */
export const capabilities: EngineCapabilities = {
  strategies: ["dump"],
  hasSchema: false,
  addonsPerServer: "many",
  residence: "disk",
  units: { container: "collection", item: "document", counter: null, definition: "definition" },
  url: {
    protocols: ["mongodb:"],
    defaultPort: 27_017,
    example: "mongodb://godwit:password@host:27017/admin",
  },
  versions: NUMBERED_VERSIONS,
};
