import type { EngineCapabilities } from "../../core/ports/engine-capabilities.ts";
import { VERSIONS } from "./versions.ts";

/** What Redis and Valkey are like: a server is one add-on, and its data has no schema. */
export const capabilities: EngineCapabilities = {
  strategies: ["dump", "live"],
  hasSchema: false,
  addonsPerServer: "one",
  residence: "memory",
  units: { container: "database", item: "key", counter: null, definition: "function library" },
  url: {
    protocols: ["redis:", "rediss:", "valkey:", "valkeys:"],
    defaultPort: 6379,
    example: "redis://godwit:password@host:6379",
  },
  versions: VERSIONS,
};
