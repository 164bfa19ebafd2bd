import type { GodwitError } from "../../core/failure.ts";
import type { ChatInbound, ChatPort } from "../../core/ports/chat.ts";
import type { ChatDependencies } from "../dependencies.ts";
import { FormCache } from "../interactions/form-cache.ts";
import { Suggestions } from "../interactions/suggestions.ts";
import { createClients, type DiscordClients } from "./client.ts";
import { deployCommands } from "./commands.ts";
import { type DiscordConfig, type DiscordSettings, discordConfig } from "./config.ts";
import { DiscordDelivery } from "./delivery.ts";
import { diagnoseDiscord } from "./diagnose.ts";
import { discordCode } from "./errors.ts";
import { tokenRefused } from "./fatal.ts";
import { FormContexts } from "./form-context.ts";
import { createListener } from "./listeners.ts";
import { DiscordReceiver } from "./receiver.ts";
import type { DiscordSession } from "./session.ts";

/** Edits of one message at most this often: five in 5 s are commonly taken, and others write there too. */
const EDIT_INTERVAL_MS = 3_000;

/** Makes the Discord adapter for one application. Posting works at once; actions arrive after `start`. */
export function createDiscordChat(settings: DiscordSettings, deps: ChatDependencies): ChatPort {
  const config = discordConfig.parse(settings);
  const log = deps.log.child({ platform: "discord" });
  const ending = endOnce(deps.giveUp);
  const clients = createClients(config, { log, onRefused: () => ending.giveUp(tokenRefused()) });
  const delivery = new DiscordDelivery({ client: clients.streaming, config, clock: deps.clock, log });
  const registration = { rest: clients.interactive, config, commands: deps.commands };
  const deploy = () => deployCommands(registration);
  const shared = { ...deps, log, giveUp: ending.giveUp };
  const receiver = new DiscordReceiver({ ...shared, config, client: clients.interactive, deploy });
  return {
    platform: "discord",
    capabilities: { editIntervalMs: EDIT_INTERVAL_MS },
    start: async (inbound) => {
      await receiver.start(createListener(openSession({ config, clients, inbound, delivery, deps: shared })));
      ending.arm();
    },
    post: (thread, notification, nonce) => delivery.post(thread, notification, nonce),
    update: (thread, edited, notification) => delivery.update(thread, edited, notification),
    find: (thread, nonce) => delivery.find(thread, nonce),
    link: (thread) => delivery.link(thread),
    diagnose: () => diagnoseDiscord(registration),
    deployCommands: deploy,
    isConnected: () => receiver.isConnected(),
    stop: () => receiver.stop(),
  };
}

/** Before the start a refusal is told by its rejection; afterwards it ends the process, once. */
function endOnce(giveUp: (error: GodwitError) => void) {
  let [isArmed, isOver] = [false, false];
  let early: GodwitError | null = null;
  const end = (error: GodwitError): void => {
    if (!isArmed) early ??= error;
    else if (!isOver) {
      isOver = true;
      giveUp(error);
    }
  };
  return {
    giveUp: end,
    arm: (): void => {
      isArmed = true;
      if (early !== null) end(early);
    },
  };
}

function openSession(parts: {
  config: DiscordConfig;
  clients: DiscordClients;
  inbound: ChatInbound;
  delivery: DiscordDelivery;
  deps: ChatDependencies;
}): DiscordSession {
  const { config, clients, inbound, delivery, deps } = parts;
  const { clock } = deps;
  return {
    ...deps,
    codeOf: discordCode,
    config,
    clients,
    inbound,
    linkOf: (migrationId) => delivery.linkOf(migrationId),
    suggestions: new Suggestions({ inbound, clock }),
    forms: new FormCache({ inbound, clock }),
    contexts: new FormContexts(clock),
  };
}
