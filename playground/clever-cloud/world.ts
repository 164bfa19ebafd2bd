import { Tokens } from "./auth/tokens.ts";
import { PlatformClock } from "./clock.ts";
import { Faults } from "./faults.ts";
import { Feed } from "./feed.ts";
import { Ids } from "./ids.ts";
import { MigrationRunner } from "./migration/migration-runner.ts";
import { Plots } from "./migration/plots.ts";
import type { Addon, ApiCall, Application, Migration, Violation } from "./model.ts";
import { type LocalCleverCloudOptions, type Settings, settingsFrom } from "./settings.ts";
import { Addons } from "./state/addons.ts";
import { Applications } from "./state/applications.ts";
import { Deployments } from "./state/deployments.ts";
import { Migrations } from "./state/migrations.ts";
import { PollWatch } from "./state/poll-watch.ts";

/** 2026-11-23 09:00 UTC, where a clock by hand begins. */
const monday = Date.UTC(2026, 10, 23, 9);

/** Everything one local Clever Cloud knows. */
export class World {
  readonly settings: Settings;
  readonly clock: PlatformClock;
  readonly feed = new Feed();
  readonly faults = new Faults();
  readonly closing = new AbortController();
  readonly ids = new Ids();
  readonly tokens: Tokens;
  readonly plots = new Plots();
  readonly addons: Addons;
  readonly applications: Applications;
  readonly deployments: Deployments;
  readonly migrations: Migrations;
  readonly runner: MigrationRunner;
  readonly polls: PollWatch;
  readonly violations: Violation[] = [];
  readonly calls: ApiCall[] = [];
  /** `http://127.0.0.1:PORT` of the API host and of the bridge, known once they listen. */
  readonly origins = { api: "", bridge: "" };

  constructor(options: LocalCleverCloudOptions) {
    this.settings = settingsFrom(options);
    this.clock = new PlatformClock(options.clock ?? "real", options.startMs ?? monday);
    this.tokens = new Tokens(this.settings.token);
    this.addons = new Addons(this.ids, this.clock, this.settings);
    this.applications = new Applications(this.ids, this.clock, this.settings);
    this.deployments = new Deployments(this);
    this.migrations = new Migrations(this.ids, this.clock);
    this.runner = new MigrationRunner(this);
    this.polls = new PollWatch(this.clock, this.settings);
  }

  migrationChanged(migration: Migration): void {
    this.feed.emit({ kind: "migration", migration });
  }

  linkedApplications(addon: Addon): Application[] {
    return this.applications.all.filter(({ addonIds }) => addonIds.has(addon.id));
  }
}
