import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { World } from "../world.ts";
import { closeCodes, endingCodes } from "./close-codes.ts";
import { Connection, type ConnectionHost } from "./connection.ts";
import type { Identify, Resume } from "./frames.ts";
import { IdentifyLimits } from "./identify-limits.ts";
import { intents, knownIntents, privilegedIntents } from "./intents.ts";
import { guildCreatePayload, readyPayload } from "./ready.ts";
import { Session } from "./session.ts";

const goodbyeMs = 500;

/** The server end of the gateway, version 10, JSON, uncompressed ("Discord, Gateway"). */
export class GatewayHub implements ConnectionHost {
  /** IDENTIFYs and RESUMEs that were accepted. */
  identifies = 0;
  resumes = 0;
  readonly limits: IdentifyLimits;
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #connections = new Set<Connection>();
  readonly #sessions = new Map<string, Session>();
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
    this.limits = new IdentifyLimits(world.settings, world.clock);
  }

  get heartbeatIntervalMs(): number {
    return this.#world.settings.heartbeatIntervalMs;
  }

  /** Connections that are past READY or RESUMED. */
  get connectionCount(): number {
    return [...this.#connections].filter(({ session }) => session !== undefined).length;
  }

  /** Sessions that are connected or can be resumed. */
  get sessions(): readonly Session[] {
    const now = this.#world.clock.now();
    return [...this.#sessions.values()].filter((session) => session.isResumable(now));
  }

  get heartbeats(): number {
    return [...this.#connections].reduce((sum, { heartbeats }) => sum + heartbeats, 0);
  }

  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { searchParams } = new URL(request.url ?? "/", "http://localhost");
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      if (searchParams.get("v") !== "10" || searchParams.get("encoding") !== "json") {
        return webSocket.close(closeCodes.invalidApiVersion);
      }
      this.#connections.add(new Connection(webSocket, this));
    });
  }

  /** Sends an event to every session that asked for it; one without a socket gets it when it resumes. */
  dispatch(event: string, data: unknown, intent: number = intents.none): void {
    for (const session of this.sessions) {
      if (session.hears(intent, this.#world.settings.guildId)) session.dispatch(event, data);
    }
  }

  /** Cuts every connection: abnormally, or with a close code. */
  drop(code?: number): void {
    for (const connection of this.#connections) {
      if (code === undefined) connection.terminate();
      else connection.close(code);
      if (code !== undefined && endingCodes.has(code)) this.#end(connection.session);
    }
  }

  /** Op 7 to every connection. */
  askToReconnect(): void {
    for (const connection of this.#connections) connection.askToReconnect();
  }

  /** Op 1 to every connection. */
  askForHeartbeat(): void {
    for (const connection of this.#connections) connection.askForHeartbeat();
  }

  /** Op 9 to every connection: a RESUME may follow on it, or the session is over. */
  invalidate(isResumable: boolean): void {
    for (const connection of this.#connections) {
      if (!isResumable) this.#end(connection.session);
      this.#detach(connection);
      connection.invalidate(isResumable);
    }
    this.#tellCount();
  }

  /** The connections there are now send nothing any more, not even heartbeat acknowledgements. */
  silence(): void {
    for (const connection of this.#connections) connection.isSilent = true;
  }

  identify(connection: Connection, data: Identify): void {
    const { settings } = this.#world;
    const refusal = this.#refuse(data);
    if (refusal !== undefined) return connection.close(refusal);
    if (!this.limits.take()) {
      if (this.limits.remaining > 0) return connection.invalidate(false);
      settings.isTokenRevoked = true;
      return connection.close(closeCodes.authenticationFailed);
    }
    this.identifies += 1;
    const terms = {
      id: this.#world.ids.secret(16),
      intents: data.intents,
      shard: data.shard ?? [0, 1],
    } as const;
    const session = new Session(terms, connection);
    this.#sessions.set(terms.id, session);
    connection.session = session;
    session.dispatch("READY", readyPayload(this.#world, terms));
    if (session.hears(intents.guilds, settings.guildId)) {
      session.dispatch("GUILD_CREATE", guildCreatePayload(this.#world));
    }
    this.#tellCount();
  }

  resume(connection: Connection, data: Resume): void {
    if (!this.#isToken(data.token)) return connection.close(closeCodes.authenticationFailed);
    const session = this.#sessions.get(data.session_id);
    if (!session?.isResumable(this.#world.clock.now())) return connection.invalidate(false);
    if (data.seq > session.sequence) return connection.close(closeCodes.invalidSequence);
    this.resumes += 1;
    connection.session = session;
    session.resume(connection, data.seq);
    this.#tellCount();
  }

  lost(connection: Connection, code: number): void {
    this.#connections.delete(connection);
    if (connection.session && endingCodes.has(code)) this.#end(connection.session);
    this.#detach(connection);
    this.#tellCount();
  }

  /** Says goodbye to every connection, and cuts those that do not answer. */
  async close(): Promise<void> {
    const sockets = [...this.#server.clients];
    const closed = sockets.map((socket) => new Promise((resolve) => socket.once("close", resolve)));
    for (const socket of sockets) socket.close(1001);
    const timer = setTimeout(() => {
      for (const socket of sockets) socket.terminate();
    }, goodbyeMs);
    await Promise.all(closed);
    clearTimeout(timer);
    this.#server.close();
  }

  #refuse({ token, intents: wanted, shard }: Identify): number | undefined {
    if (!this.#isToken(token)) return closeCodes.authenticationFailed;
    if (shard && shard[0] >= shard[1]) return closeCodes.invalidShard;
    if ((wanted & ~knownIntents) !== 0) return closeCodes.invalidIntents;
    const refused = wanted & privilegedIntents & ~this.#world.settings.privilegedIntents;
    return refused === 0 ? undefined : closeCodes.disallowedIntents;
  }

  #end(session: Session | undefined): void {
    if (session) this.#sessions.delete(session.terms.id);
  }

  /** The session goes on without a socket; not when another connection took it over already. */
  #detach(connection: Connection): void {
    const { session } = connection;
    connection.session = undefined;
    if (session?.connection !== connection) return;
    session.connection = undefined;
    session.lostAtMs = this.#world.clock.now();
  }

  #isToken(token: string): boolean {
    const { settings } = this.#world;
    return token === settings.token && !settings.isTokenRevoked;
  }

  #tellCount(): void {
    this.#world.feed.emit({ kind: "connections", count: this.connectionCount });
  }
}
