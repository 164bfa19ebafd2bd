import type { Addon } from "../addon.ts";
import type { Strategy } from "../target.ts";
import type { Units } from "../units.ts";
import type { Verdict } from "../verdict.ts";

/** What differs between engines, as named facts: nothing outside an engine's folder asks for its name. */
export interface EngineCapabilities {
  readonly strategies: readonly Strategy[];
  /** Whether there is a schema, which is copied before the data and must not change meanwhile. */
  readonly hasSchema: boolean;
  /**
   * `many`: a server holds the databases of many add-ons, each with a user of its own. `one`: a server is one add-on
   * with all that it holds; its user keeps its name when it moves, and the server that it moves to must be free.
   */
  readonly addonsPerServer: "many" | "one";
  /** Which of a plan's sizes the data has to fit into. */
  readonly residence: "disk" | "memory";
  readonly units: Units;
  readonly url: UrlRules;
  readonly versions: VersionRules;
}

/** How an administrator's URL looks. */
export interface UrlRules {
  /** Such as `postgresql:`. */
  readonly protocols: readonly string[];
  readonly defaultPort: number;
  /** Such as `postgres://admin:password@host:5432/postgres`. */
  readonly example: string;
}

/**
 * How the versions that people choose by stand to each other. A version that begins with a name, such as `Valkey 9.1`,
 * names its product itself; any other one is named after the engine.
 */
export interface VersionRules {
  /** For lists: negative when `left` stands behind `right`, since it is older or another product's. */
  readonly compare: (left: string, right: string) => number;
  /** Whether an add-on may move to a version. */
  readonly judge: (addon: Pick<Addon, "name" | "version">, version: string) => Verdict;
}
