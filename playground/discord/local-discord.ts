import type { Server } from "node:http";
import type { Clock } from "../local/clock.ts";
import { closeServer } from "../local/http-server.ts";
import type { WaitOptions } from "../local/matching.ts";
import { until } from "../local/until.ts";
import { type Action, act } from "./act.ts";
import type { Faults } from "./faults.ts";
import type { ChangeListener } from "./feed.ts";
import type { GatewayHub } from "./gateway/gateway-hub.ts";
import type { AckLatency, ApiCall, PersonError, RegisteredCommand, Role, Violation } from "./model.ts";
import type { ChannelOptions, PersonOptions, RoleOptions } from "./people.ts";
import { ChannelHandle } from "./person/channel-handle.ts";
import { ThreadHandle } from "./person/message-handle.ts";
import { UserDriver } from "./person/user-driver.ts";
import { type Snapshot, takeSnapshot } from "./snapshot.ts";
import { announceChannel } from "./state/change-channel.ts";
import type { World } from "./world.ts";

/** A running local Discord: what the app needs to connect, people to act as, and what was seen. */
export class LocalDiscord {
  readonly world: World;
  readonly #server: Server;

  constructor(world: World, server: Server) {
    this.world = world;
    this.#server = server;
  }

  /** `http://127.0.0.1:PORT/api`: discord.js' `rest.api`, which appends `/v10`. */
  get url(): string {
    return `${this.world.origin}/api`;
  }

  get token(): string {
    return this.world.settings.token;
  }

  get applicationId(): string {
    return this.world.settings.applicationId;
  }

  get guildId(): string {
    return this.world.settings.guildId;
  }

  get faults(): Faults {
    return this.world.faults;
  }

  get clock(): Clock {
    return this.world.clock;
  }

  /** What the app's connection can suffer: `drop()`, `askToReconnect()`, `invalidate()`, `silence()`. */
  get gateway(): GatewayHub {
    return this.world.gateway;
  }

  /** Requests that real Discord would have refused; a test asserts that there are none. */
  get violations(): readonly Violation[] {
    return this.world.violations;
  }

  /** Milliseconds from dispatch to first response of every interaction. */
  get ackLatencies(): readonly AckLatency[] {
    return this.world.ackLatencies;
  }

  get calls(): readonly ApiCall[] {
    return this.world.calls;
  }

  /** What people saw when an interaction was not answered. */
  get errors(): readonly PersonError[] {
    return this.world.errors;
  }

  /** Registered now, in the guild and globally. */
  get commands(): readonly RegisteredCommand[] {
    return this.world.commands.all;
  }

  /** @param route as in `calls`, with its method: `POST /channels/{channel}/messages` */
  callsTo(route: string): ApiCall[] {
    return this.calls.filter((call) => `${call.method} ${call.route}` === route);
  }

  /** @param key a name or an id */
  user(key: string): UserDriver {
    return new UserDriver(this.world, this.world.directory.findUser(key));
  }

  /** @param key `#name`, a name or an id */
  channel(key: string): ChannelHandle {
    return new ChannelHandle(this.world, this.world.directory.findChannel(key));
  }

  /** @param key a name or an id */
  thread(key: string): ThreadHandle {
    return new ThreadHandle(this.world, this.world.directory.findChannel(key).id);
  }

  /** The role itself: changing `mentionable` or `permissions` takes effect. */
  role(key: string): Role {
    return this.world.directory.findRole(key);
  }

  addUser(options: PersonOptions): UserDriver {
    const person = this.world.directory.addUser(options);
    this.world.feed.emit({ kind: "person-updated", person });
    return new UserDriver(this.world, person);
  }

  addRole(options: RoleOptions): Role {
    return this.world.directory.addRole(options);
  }

  addChannel(options: ChannelOptions): ChannelHandle {
    const channel = this.world.directory.addChannel(options);
    announceChannel(this.world, channel, "created");
    return new ChannelHandle(this.world, channel);
  }

  /** What the bot may do in channels from now on, in place of what it could. */
  grantPermissions(bits: bigint): void {
    this.world.settings.botPermissions = bits;
  }

  /** Every later request answers 401 and the gateway closes with 4004. */
  revokeToken(): void {
    this.world.settings.isTokenRevoked = true;
    this.gateway.drop(4004);
  }

  setRateLimits(mode: "discord" | "off"): void {
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

  /** Waits for a number of gateway connections that are ready. */
  async waitForConnections(count = 1, options: WaitOptions = {}): Promise<void> {
    await until({
      feed: this.world.feed,
      signal: this.world.closing.signal,
      timeoutMs: options.timeoutMs ?? this.world.settings.waitTimeoutMs,
      look: () => (this.gateway.connectionCount === count ? true : undefined),
      wanted: `${count} gateway connections`,
      present: () => `${this.gateway.connectionCount}`,
    });
  }

  /** Cuts every connection and ends every wait; nothing stays open. */
  async close(): Promise<void> {
    this.world.closing.abort(new Error("the local Discord was closed"));
    await this.world.gateway.close();
    this.world.feed.close();
    await closeServer(this.#server);
  }
}
