import { Clock } from "../local/clock.ts";
import { Faults } from "./faults.ts";
import { Feed } from "./feed.ts";
import { Ids } from "./ids.ts";
import type { AckLatency, ApiCall, Notification, PersonError, UploadedFile, Violation } from "./model.ts";
import { defaultChannels, defaultGroups, defaultPeople } from "./people.ts";
import { RateLimits } from "./rate-limits.ts";
import { defaultScopes, type LocalSlackOptions, type Settings, settingsFrom } from "./settings.ts";
import { Directory } from "./state/directory.ts";
import { Messages } from "./state/messages.ts";
import { ResponseUrls } from "./state/response-urls.ts";
import { Tokens } from "./state/tokens.ts";
import { Triggers } from "./state/triggers.ts";
import { Views } from "./state/views.ts";
import { HttpSender } from "./transport/http-sender.ts";
import { SocketHub } from "./transport/socket-hub.ts";

/** Everything one local Slack knows. */
export class World {
  readonly settings: Settings;
  readonly clock = new Clock();
  readonly feed = new Feed();
  readonly faults = new Faults();
  readonly closing = new AbortController();
  readonly ids = new Ids(this.clock);
  readonly directory = new Directory();
  readonly tokens = new Tokens();
  readonly triggers = new Triggers(this.clock, this.ids);
  readonly responseUrls = new ResponseUrls(this.clock, this.ids);
  readonly rateLimits: RateLimits;
  readonly messages = new Messages(this.ids, this.feed);
  readonly views: Views;
  readonly files = new Map<string, UploadedFile>();
  readonly notifications: Notification[] = [];
  readonly errors: PersonError[] = [];
  readonly ackLatencies: AckLatency[] = [];
  readonly violations: Violation[] = [];
  readonly calls: ApiCall[] = [];
  readonly socket: SocketHub;
  readonly http: HttpSender;
  /** `http://127.0.0.1:PORT`, known once the server listens. */
  origin = "";

  constructor(options: LocalSlackOptions) {
    this.settings = settingsFrom(options);
    this.socket = new SocketHub(this.settings, this.feed);
    this.http = new HttpSender(this.settings);
    this.rateLimits = new RateLimits(this.settings, this.clock);
    this.views = new Views({ settings: this.settings, ids: this.ids, feed: this.feed });
    for (const user of options.users ?? defaultPeople) this.directory.addUser(user);
    for (const group of options.groups ?? (options.users ? [] : defaultGroups))
      this.directory.addGroup(group);
    for (const channel of options.channels ?? defaultChannels) this.directory.addChannel(channel);
    this.directory.addUser({
      id: this.settings.botUserId,
      name: "godwit",
      realName: "Godwit",
      kind: "bot",
    });
    this.tokens.issue(this.settings.botToken, "bot", options.scopes ?? defaultScopes);
    this.tokens.issue(this.settings.appToken, "app", ["connections:write"]);
  }
}
