import type { Server } from "node:http";
import { closeServer } from "../local/http-server.ts";
import { until } from "../local/until.ts";
import type { OauthTokens, Role } from "./auth/tokens.ts";
import type { Faults } from "./faults.ts";
import type { PlatformChange } from "./feed.ts";
import type {
  Addon,
  ApiCall,
  Application,
  Deployment,
  Migration,
  MigrationStatus,
  Violation,
} from "./model.ts";
import { Scenarios } from "./scenarios.ts";
import type { Pace } from "./settings.ts";
import type { AddonOptions } from "./state/addons.ts";
import type { ApplicationOptions } from "./state/applications.ts";
import type { PastMigrationOptions } from "./state/migrations.ts";
import type { World } from "./world.ts";

/** A running local Clever Cloud: what a client needs to connect, what is on the platform, and what was seen. */
export class LocalCleverCloud {
  readonly world: World;
  /** What goes wrong next. */
  readonly scenarios: Scenarios;
  readonly #servers: readonly Server[];

  constructor(world: World, servers: readonly Server[]) {
    this.world = world;
    this.scenarios = new Scenarios(world);
    this.#servers = servers;
  }

  /** The API host, `http://127.0.0.1:PORT`; takes OAuth1. */
  get url(): string {
    return this.world.origins.api;
  }

  /** The bridge host, `http://127.0.0.1:PORT`; takes the bearer token, on the same paths. */
  get bridgeUrl(): string {
    return this.world.origins.bridge;
  }

  get token(): string {
    return this.world.settings.token;
  }

  get oauth(): OauthTokens {
    return this.world.tokens.oauth;
  }

  /** `orga_…` */
  get owner(): string {
    return this.world.settings.ownerId;
  }

  /** Scripted HTTP failures by operation. */
  get faults(): Faults {
    return this.world.faults;
  }

  /** Requests that the real API would refuse or that break its contract; a test asserts that there are none. */
  get violations(): readonly Violation[] {
    return this.world.violations;
  }

  get calls(): readonly ApiCall[] {
    return this.world.calls;
  }

  callsTo(operation: string): ApiCall[] {
    return this.calls.filter((call) => call.operation === operation);
  }

  seedAddon(options: AddonOptions = {}): Addon {
    return this.world.addons.seed(options);
  }

  seedApplication(options: ApplicationOptions = {}): Application {
    return this.world.applications.seed(options);
  }

  /** A migration that succeeded in the past. */
  seedPastMigration(options: PastMigrationOptions): Migration {
    return this.world.migrations.seed(options);
  }

  migrationsOf(addon: Addon): Migration[] {
    return this.world.migrations.of(addon);
  }

  deploymentsOf(application: Application): Deployment[] {
    return this.world.deployments.of(application);
  }

  /** Changes the speed; what is under way keeps its own. */
  setPace(pace: Partial<Pace>): void {
    this.world.settings.pace = { ...this.world.settings.pace, ...pace };
  }

  /** Milliseconds since 1970 on the platform's clock. */
  now(): number {
    return this.world.clock.now();
  }

  /** Moves the platform's clock forward and does what falls due. */
  advance(ms: number): void {
    this.world.clock.advance(ms);
  }

  /** Makes another API token for the bridge. */
  issueToken(secret: string, role: Role): void {
    this.world.tokens.issue(secret, role);
  }

  /** Every further request with the token answers 401. */
  revokeToken(secret: string = this.token): void {
    this.world.tokens.revoke(secret);
  }

  subscribe(listener: (change: PlatformChange) => void): () => void {
    return this.world.feed.subscribe(listener);
  }

  /** Waits until the newest migration of an add-on has one of these statuses. @param timeoutMs of real time */
  async waitForStatus(
    addon: Addon,
    statuses: readonly MigrationStatus[],
    timeoutMs = 5000,
  ): Promise<Migration> {
    return until({
      feed: this.world.feed,
      signal: this.world.closing.signal,
      timeoutMs,
      look: () => {
        const newest = this.migrationsOf(addon).at(-1);
        return newest && statuses.includes(newest.status) ? newest : undefined;
      },
      wanted: `a migration of ${addon.name} that is ${statuses.join(" or ")}`,
      present: () =>
        this.migrationsOf(addon)
          .map(({ status }) => status)
          .join("\n") || "nothing",
    });
  }

  /** Cuts every connection and stops every timer; nothing stays open. */
  async close(): Promise<void> {
    this.world.closing.abort(new Error("the local Clever Cloud was closed"));
    this.world.clock.close();
    this.world.feed.close();
    await Promise.all(this.#servers.map(closeServer));
  }
}
