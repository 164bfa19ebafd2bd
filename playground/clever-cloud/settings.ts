/** How fast the platform works, in milliseconds of its clock. */
export interface Pace {
  /** One step of a migration; 20 ms. Booting takes three of them, copying five. */
  readonly stepMs: number;
  /** Steps that take another time, by name. */
  readonly steps: Readonly<Record<string, number>>;
  /** From the answer to POST to the first step; 30 ms in the one run that was published ("elasticsearch/crud.go"). */
  readonly firstStepMs: number;
  /** From the end of UPDATE_ADDON to the restart of linked applications. */
  readonly restartDelayMs: number;
  /** One deployment of an application. */
  readonly deploymentMs: number;
}

export const defaultPace: Pace = {
  stepMs: 20,
  steps: {},
  firstStepMs: 30,
  restartDelayMs: 20,
  deploymentMs: 60,
};

export interface LocalCleverCloudOptions {
  /** Port of the API host (OAuth1); 0 or left out: any free port. Always on 127.0.0.1. */
  readonly port?: number;
  /** Port of the bridge host (bearer token). */
  readonly bridgePort?: number;
  /** `real`: steps take the time of `pace`. `hand`: nothing moves but by `advance()`. */
  readonly clock?: "real" | "hand";
  /** Where a clock by hand begins, milliseconds since 1970. */
  readonly startMs?: number;
  readonly pace?: Partial<Pace>;
  readonly owner?: { readonly id?: string; readonly name?: string };
  /** The API token of the bridge host. */
  readonly token?: string;
  /**
   * guess: a second POST while a migration runs. `refused`: 409. `step`: it is accepted and fails at
   * CHECK_NO_MIGRATION_ALREADY_RUNNING_FOR_ADDON, the server's own guard. No source tells which.
   */
  readonly secondMigration?: "refused" | "step";
  /**
   * guess: `new`: real ID, host, port, database, user and password all change ("database-migration.md"). `kept`: host
   * and database name stay when a dedicated database moves to a dedicated plan ("zone-migration.md"). Contested.
   */
  readonly identity?: "new" | "kept";
  /** Least sane time between two polls of one migration; 1000 ms as Terraform does, 0 to look away. */
  readonly minPollMs?: number;
  /** guess: how old an add-on must be to be migrated; 60 s, what Terraform's test waits. */
  readonly minAddonAgeMs?: number;
}

export interface Settings {
  readonly token: string;
  readonly ownerId: string;
  readonly ownerName: string;
  readonly secondMigration: "refused" | "step";
  readonly identity: "new" | "kept";
  readonly minPollMs: number;
  readonly minAddonAgeMs: number;
  pace: Pace;
}

export function settingsFrom(options: LocalCleverCloudOptions): Settings {
  return {
    token: options.token ?? "local-clever-api-token",
    ownerId: options.owner?.id ?? "orga_3547a882-d464-4c34-8168-add4b3e0c135",
    ownerName: options.owner?.name ?? "Example Org",
    secondMigration: options.secondMigration ?? "refused",
    identity: options.identity ?? "new",
    minPollMs: options.minPollMs ?? 1000,
    minAddonAgeMs: options.minAddonAgeMs ?? 60_000,
    pace: { ...defaultPace, ...options.pace },
  };
}
