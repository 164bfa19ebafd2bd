import type { Server } from "node:http";
import type { Clock } from "../local/clock.ts";
import { closeServer } from "../local/http-server.ts";
import type { WaitOptions } from "../local/matching.ts";
import { until } from "../local/until.ts";
import { type Action, act } from "./act.ts";
import type { Faults } from "./faults.ts";
import type { ChangeListener } from "./feed.ts";
import type { AckLatency, ApiCall, PersonError, Violation } from "./model.ts";
import type { ChannelOptions, GroupOptions, PersonOptions } from "./people.ts";
import { ChannelHandle } from "./person/channel-handle.ts";
import { UserDriver } from "./person/user-driver.ts";
import { type Snapshot, takeSnapshot } from "./snapshot.ts";
import type { SocketHub } from "./transport/socket-hub.ts";
import type { World } from "./world.ts";

/** A running local Slack: what the app needs to connect, people to act as, and what was seen. */
export class LocalSlack {
  readonly world: World;
  readonly #server: Server;

  constructor(world: World, server: Server) {
    this.world = world;
    this.#server = server;
  }

  /** Base of the Web API, `http://127.0.0.1:PORT/api/`: the SDK's `slackApiUrl`. */
  get url(): string {
    return `${this.world.origin}/api/`;
  }

  get botToken(): string {
    return this.world.settings.botToken;
  }

  get appToken(): string {
    return this.world.settings.appToken;
  }

  get signingSecret(): string {
    return this.world.settings.signingSecret;
  }

  get faults(): Faults {
    return this.world.faults;
  }

  get clock(): Clock {
    return this.world.clock;
  }

  /** Socket Mode: `refresh()`, `drop()`, `connectionCount`. */
  get socket(): SocketHub {
    return this.world.socket;
  }

  /** Payloads that real Slack would have refused; a test asserts that there are none. */
  get violations(): readonly Violation[] {
    return this.world.violations;
  }

  /** Milliseconds from delivery to acknowledgement of every interaction. */
  get ackLatencies(): readonly AckLatency[] {
    return this.world.ackLatencies;
  }

  get calls(): readonly ApiCall[] {
    return this.world.calls;
  }

  /** What people saw when an interaction failed. */
  get errors(): readonly PersonError[] {
    return this.world.errors;
  }

  callsTo(method: string): ApiCall[] {
    return this.calls.filter((call) => call.method === method);
  }

  /** @param key a name or an id */
  user(key: string): UserDriver {
    return new UserDriver(this.world, this.world.directory.findUser(key));
  }

  /** @param key `#name`, a name or an id */
  channel(key: string): ChannelHandle {
    return new ChannelHandle(this.world, this.world.directory.findChannel(key));
  }

  addUser(options: PersonOptions): UserDriver {
    return new UserDriver(this.world, this.world.directory.addUser(options));
  }

  addGroup(options: GroupOptions): void {
    this.world.directory.addGroup(options);
  }

  addChannel(options: ChannelOptions): ChannelHandle {
    return new ChannelHandle(this.world, this.world.directory.addChannel(options));
  }

  /** Changes what the bot token may do. */
  grantScopes(scopes: readonly string[]): void {
    this.world.tokens.find(this.botToken).scopes = new Set(scopes);
  }

  /** Makes another bot token. */
  issueToken(secret: string, scopes: readonly string[]): void {
    this.world.tokens.issue(secret, "bot", scopes);
  }

  /** Every further call with the token answers `token_revoked`. */
  revokeToken(secret: string = this.botToken): void {
    this.world.tokens.find(secret).isRevoked = true;
  }

  /** Delivers by signed HTTP to this URL from now on; undefined goes back to Socket Mode. */
  setRequestUrl(url: string | undefined): void {
    this.world.settings.requestUrl = url;
  }

  setRateLimits(mode: "slack" | "off"): void {
    this.world.settings.rateLimits = mode;
  }

  subscribe(listener: ChangeListener): () => void {
    return this.world.feed.subscribe(listener);
  }

  snapshot(): Snapshot {
    return takeSnapshot(this.world);
  }

  /** Acts as a person by ids, for a remote page. */
  act(action: Action): Promise<unknown> {
    return act(this.world, action);
  }

  /** Waits for a number of open Socket Mode connections. */
  async waitForConnections(count = 1, options: WaitOptions = {}): Promise<void> {
    await until({
      feed: this.world.feed,
      signal: this.world.closing.signal,
      timeoutMs: options.timeoutMs ?? this.world.settings.waitTimeoutMs,
      look: () => (this.socket.connectionCount === count ? true : undefined),
      wanted: `${count} Socket Mode connections`,
      present: () => `${this.socket.connectionCount}`,
    });
  }

  /** Cuts every connection and ends every wait; nothing stays open. */
  async close(): Promise<void> {
    this.world.closing.abort(new Error("the local Slack was closed"));
    await this.world.socket.close();
    this.world.feed.close();
    await closeServer(this.#server);
  }
}
