import { type Client, Events, GatewayDispatchEvents } from "discord.js";
import type { Clock } from "../../core/ports/clock.ts";
import type { Log } from "../../core/ports/log.ts";
import { within } from "../interactions/within.ts";
import { createGatewayClient } from "./client.ts";
import type { DiscordConfig } from "./config.ts";
import { type Fatal, isFatalError } from "./fatal.ts";

/** The library reconnects and resumes by itself; when it has not for so long, it starts anew. */
const STUCK_MS = 120_000;
const LOOK_MS = 5_000;
/** After a cut the library waits 500 ms, and cannot be closed while it does (@discordjs/ws 1.2.3, WebSocketShard). */
const RECONNECT_PAUSE_MS = 800;
/** What is closed while it still connects would connect all the same, so that is waited for. */
const LOGIN_MS = 2_000;

interface GatewayOptions {
  readonly config: DiscordConfig;
  readonly clock: Clock;
  readonly log: Log;
  readonly onInteraction: (payload: unknown) => Promise<void>;
}

/** One life of the connection that carries people's actions. It resumes after cuts until it is closed. */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #client: Client;
  readonly #over = new AbortController();
  #isConnected = false;
  #cutAt: number;
  #fatal: Fatal | null = null;
  #settled: Promise<void> = Promise.resolve();

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#client = createGatewayClient(options.config);
    this.#cutAt = options.clock.now().getTime();
    this.#listen();
    this.#watchTrouble();
  }

  get isConnected(): boolean {
    return this.#isConnected;
  }

  /** Why Discord will never take this bot again; null while it may. */
  get fatal(): Fatal | null {
    return this.#fatal;
  }

  /** Connects. Rejects when that fails; nothing is tried again here. Gives up waiting when `signal` aborts. */
  async open(signal: AbortSignal): Promise<void> {
    const login = this.#client.login(this.#options.config.token);
    this.#settled = login.then(
      () => undefined,
      () => undefined,
    );
    try {
      await Promise.race([login, aborted(signal), aborted(this.#over.signal)]);
    } catch (error) {
      if (isFatalError(error)) this.#fatal ??= { code: 4004 };
      throw error;
    }
  }

  /** Resolves when `signal` aborts or nothing more is to be expected of this connection. */
  async untilOver(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    const ends = AbortSignal.any([signal, this.#over.signal]);
    while (!ends.aborted && !this.#isStuck()) await clock.sleep(LOOK_MS, ends).catch(() => undefined);
  }

  /** Says goodbye. What Discord still sends is ignored from here on. */
  async close(): Promise<void> {
    this.#over.abort();
    const { clock, log } = this.#options;
    const sinceCut = clock.now().getTime() - this.#cutAt;
    const pauseMs = this.#isConnected ? 0 : RECONNECT_PAUSE_MS - sinceCut;
    this.#isConnected = false;
    await within(this.#settled, { ms: LOGIN_MS, clock });
    if (pauseMs > 0) await clock.sleep(pauseMs);
    await this.#client.destroy().catch((error: unknown) => log.info({ error }, "discord gateway not closed"));
  }

  #isStuck(): boolean {
    return !this.#isConnected && this.#options.clock.now().getTime() - this.#cutAt > STUCK_MS;
  }

  /** Takes the plain data of events, before the library makes anything of it. */
  #listen(): void {
    const { ws } = this.#client;
    const { log, onInteraction } = this.#options;
    for (const event of [GatewayDispatchEvents.Ready, GatewayDispatchEvents.Resumed]) {
      ws.on(event, () => {
        this.#isConnected = !this.#over.signal.aborted;
        log.info({ event }, "discord gateway connected");
      });
    }
    ws.on(GatewayDispatchEvents.InteractionCreate, (payload: unknown) => {
      if (!this.#over.signal.aborted) void onInteraction(payload);
    });
  }

  /** Without these listeners some of it would end the process. */
  #watchTrouble(): void {
    const { log } = this.#options;
    this.#client.on(Events.ShardDisconnect, ({ code }) => {
      this.#cut();
      this.#fatal = { code };
      this.#over.abort();
    });
    this.#client.on(Events.ShardReconnecting, () => {
      this.#cut();
      log.info({}, "discord gateway reconnecting");
    });
    this.#client.on(Events.Invalidated, () => this.#over.abort());
    this.#client.on(Events.Error, (error) => log.warn({ error }, "discord client error"));
    this.#client.on(Events.ShardError, (error) => log.info({ error }, "discord gateway error"));
    this.#client.on(Events.Warn, (text) => log.debug({ text: text.slice(0, 500) }, "discord client warning"));
  }

  #cut(): void {
    this.#isConnected = false;
    this.#cutAt = this.#options.clock.now().getTime();
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = (): void => reject(new Error("connecting to the gateway: ended before it was there"));
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
}
