import type { Clock } from "../../core/ports/clock.ts";
import type { Engine } from "../../core/ports/engine.ts";
import type { FleetStore } from "../../core/ports/fleet.ts";
import type { Log } from "../../core/ports/log.ts";
import type { SelfHostedConfig } from "./config.ts";
import type { FenceHolds } from "./fence-holds.ts";
import type { ServerReach } from "./server-reach.ts";

/** What all parts of this provider share: configuration, records, and what lives in this process. */
export interface Fleet {
  readonly config: SelfHostedConfig;
  readonly engines: Readonly<Record<string, Engine>>;
  readonly store: FleetStore;
  readonly servers: ServerReach;
  readonly holds: FenceHolds;
  readonly log: Log;
  readonly clock: Clock;
  readonly randomBytes: (count: number) => Uint8Array;
}
