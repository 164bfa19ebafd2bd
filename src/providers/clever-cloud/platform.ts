import type { Clock } from "../../core/ports/clock.ts";
import type { FleetStore } from "../../core/ports/fleet.ts";
import type { Log } from "../../core/ports/log.ts";
import type { CleverCloudApi } from "./api/client.ts";
import type { Catalogue } from "./catalogue.ts";
import type { CleverCloudConfig } from "./config.ts";

/** Everything that the provider's parts share. */
export interface Platform {
  readonly config: CleverCloudConfig;
  readonly api: CleverCloudApi;
  readonly catalogue: Catalogue;
  /** Outputs of finished steps. */
  readonly store: Pick<FleetStore, "stepOutput">;
  readonly log: Log;
  readonly clock: Clock;
  readonly randomBytes: (count: number) => Uint8Array;
}

/** A number in [0, 1). */
export function random({ randomBytes }: Pick<Platform, "randomBytes">): number {
  return (randomBytes(1)[0] ?? 0) / 256;
}
