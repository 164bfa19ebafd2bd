import { Clock } from "../local/clock.ts";
import { Faults } from "./faults.ts";
import { Feed } from "./feed.ts";
import { GatewayHub } from "./gateway/gateway-hub.ts";
import { Ids } from "./ids.ts";
import type { AckLatency, ApiCall, Notification, PersonError, Violation } from "./model.ts";
import { defaultChannels, defaultPeople, defaultRoles } from "./people.ts";
import { RateLimits } from "./rate-limits.ts";
import { type LocalDiscordOptions, type Settings, settingsFrom } from "./settings.ts";
import { Commands } from "./state/commands.ts";
import { Directory } from "./state/directory.ts";
import { Interactions } from "./state/interactions.ts";
import { Messages } from "./state/messages.ts";
import { Modals } from "./state/modals.ts";

/** Everything one local Discord knows. */
export class World {
  readonly settings: Settings;
  readonly clock = new Clock();
  readonly feed = new Feed();
  readonly faults = new Faults();
  readonly closing = new AbortController();
  readonly ids = new Ids(this.clock);
  readonly directory = new Directory(this.ids, this.clock);
  readonly messages = new Messages({ clock: this.clock, ids: this.ids, feed: this.feed });
  readonly interactions = new Interactions({ clock: this.clock, ids: this.ids, feed: this.feed });
  readonly modals = new Modals(this.feed);
  readonly commands = new Commands();
  readonly rateLimits: RateLimits;
  readonly notifications: Notification[] = [];
  readonly errors: PersonError[] = [];
  readonly ackLatencies: AckLatency[] = [];
  readonly violations: Violation[] = [];
  readonly calls: ApiCall[] = [];
  readonly gateway: GatewayHub;
  /** `http://127.0.0.1:PORT`, known once the server listens. */
  origin = "";

  constructor(options: LocalDiscordOptions) {
    this.settings = settingsFrom(options);
    this.rateLimits = new RateLimits(this.settings, this.clock);
    this.gateway = new GatewayHub(this);
    for (const role of options.roles ?? defaultRoles) this.directory.addRole(role);
    for (const person of options.people ?? defaultPeople) this.directory.addUser(person);
    this.directory.addUser({
      id: this.settings.applicationId,
      name: "godwit",
      displayName: "Godwit",
      kind: "bot",
    });
    for (const channel of options.channels ?? defaultChannels) this.directory.addChannel(channel);
  }
}
