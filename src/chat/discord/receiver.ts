import { type REST, Routes } from "discord.js";
import { z } from "zod";
import { GodwitError } from "../../core/failure.ts";
import type { ChatDependencies } from "../dependencies.ts";
import { within } from "../interactions/within.ts";
import type { DiscordConfig } from "./config.ts";
import { closedForGood, startError } from "./fatal.ts";
import { Gateway } from "./gateway.ts";

/** Another process that holds the gateway is noticed after this; then Godwit stands by. */
const OWN_MS = 1_500;
const CONNECT_MS = 5_000;
/** Discord may limit the list of commands for minutes; people are served meanwhile. */
const DEPLOY_MS = 3_000;
const LONGEST_PAUSE_MS = 60_000;
const FIRST_PAUSE_MS = 1_000;

type Deps = Pick<ChatDependencies, "clock" | "log" | "random" | "ownership" | "giveUp">;

interface ReceiverOptions extends Deps {
  readonly config: DiscordConfig;
  readonly client: REST;
  /** Brings the list of commands up to date, once for each process that takes the gateway. */
  readonly deploy: () => Promise<unknown>;
}

type OnInteraction = (payload: unknown) => Promise<void>;

const application = z.object({ id: z.string() });

/**
 * The way in: actions of people arrive here. One process alone holds the gateway, since two would both get every
 * action; the others stand by and take over.
 */
export class DiscordReceiver {
  readonly #options: ReceiverOptions;
  #ending = new AbortController();
  #running: Promise<void> | null = null;
  #gateway: Gateway | null = null;
  #isOwner = false;
  #tellOwner = (): void => undefined;
  #tellReady = (): void => undefined;

  constructor(options: ReceiverOptions) {
    this.#options = options;
  }

  /** Resolves when the token was accepted and this process is connected, or another one is, or Discord is slow. */
  async start(onInteraction: OnInteraction): Promise<void> {
    await this.#checkToken();
    const { clock } = this.#options;
    this.#ending = new AbortController();
    const owner = new Promise<void>((resolve) => (this.#tellOwner = resolve));
    const ready = new Promise<void>((resolve) => (this.#tellReady = resolve));
    this.#running = this.#run(onInteraction, this.#ending.signal);
    await within(owner, { ms: OWN_MS, clock });
    if (this.#isOwner) await within(ready, { ms: CONNECT_MS, clock });
  }

  isConnected(): boolean {
    if (this.#running === null || this.#ending.signal.aborted) return false;
    return !this.#isOwner || this.#gateway?.isConnected === true;
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#running;
    this.#running = null;
  }

  async #checkToken(): Promise<void> {
    const { client, config } = this.#options;
    try {
      const { id } = application.parse(await client.setToken(config.token).get(Routes.currentApplication()));
      if (id !== config.applicationId) throw wrongApplication(id, config.applicationId);
    } catch (error) {
      throw startError(error);
    }
  }

  /** Rejects never. */
  async #run(onInteraction: OnInteraction, signal: AbortSignal): Promise<void> {
    const { ownership, config, log } = this.#options;
    while (!signal.aborted) {
      try {
        const owned = await ownership.own(`discord-gateway:${config.applicationId}`, signal);
        this.#isOwner = true;
        this.#tellOwner();
        try {
          await this.#hold(onInteraction, AbortSignal.any([signal, owned.lost]));
        } finally {
          await owned.release();
        }
      } catch (error) {
        if (!signal.aborted) log.warn({ error }, "discord gateway not held");
        await this.#pause(0, signal);
      }
      this.#isOwner = false;
    }
  }

  /** Keeps one connection up for as long as the right to it lasts. */
  async #hold(onInteraction: OnInteraction, signal: AbortSignal): Promise<void> {
    await this.#deploy();
    for (let failures = 0; !signal.aborted; failures += 1) {
      if (await this.#connect(onInteraction, signal)) failures = 0;
      if (this.#gateway?.fatal) return this.#giveUp(this.#gateway);
      if (!signal.aborted) await this.#pause(failures, signal);
    }
  }

  /** Serves one connection until it is over; false when it never came about. */
  async #connect(onInteraction: OnInteraction, signal: AbortSignal): Promise<boolean> {
    const { config, clock, log } = this.#options;
    const gateway = new Gateway({ config, clock, log, onInteraction });
    this.#gateway = gateway;
    try {
      await gateway.open(signal);
      this.#tellReady();
      await gateway.untilOver(signal);
      return true;
    } catch (error) {
      if (!signal.aborted) log.warn({ error }, "discord gateway not connected");
      return false;
    } finally {
      await gateway.close();
    }
  }

  #giveUp({ fatal }: Gateway): void {
    if (fatal !== null) this.#options.giveUp(closedForGood(fatal));
    this.#tellReady();
    this.#ending.abort();
  }

  /** People can still press buttons when this fails or takes long. Rejects never. */
  async #deploy(): Promise<void> {
    const { deploy, log, clock } = this.#options;
    const deploying = deploy().catch((error: unknown) => {
      log.error({ error }, "discord commands not deployed");
    });
    await within(deploying, { ms: DEPLOY_MS, clock });
  }

  /** Full jitter, up to a minute: each attempt counts against a day's limit (Discord, "Gateway", session start limit). */
  async #pause(failures: number, signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#options;
    const limit = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures, 16));
    await clock.sleep(Math.round(limit * (0.5 + random() / 2)), signal).catch(() => undefined);
  }
}

function wrongApplication(actual: string, configured: string): GodwitError {
  return new GodwitError({
    code: "discord-refused",
    summary: `The bot token belongs to the application ${actual}, not to ${configured}.`,
    remedy: "Set DISCORD_APPLICATION_ID and DISCORD_TOKEN to those of one application.",
  });
}
