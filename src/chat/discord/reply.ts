import { InteractionResponseType, MessageFlags, Routes } from "discord.js";
import type { Clock } from "../../core/ports/clock.ts";
import type { Log } from "../../core/ports/log.ts";
import type { Message } from "../message.ts";
import type { DiscordClients } from "./client.ts";
import type { ActionRow, CommandChoice, Modal, RowPart } from "./components.ts";
import type { DiscordConfig } from "./config.ts";
import { CODE, discordCode, hasCode } from "./errors.ts";
import type { Interaction } from "./interaction.ts";
import { closedMentions } from "./mentions.ts";
import { renderMessage } from "./render.ts";
import { createdAt } from "./snowflake.ts";

/** Godwit's own limit; Discord's is 3 s. */
const SLOW_MS = 1_000;

/** A message with what can be done below it, such as a select. */
export interface Shown {
  readonly message: Message;
  readonly controls?: readonly ActionRow<RowPart>[];
}

interface ReplyOptions {
  readonly clients: Pick<DiscordClients, "acknowledging" | "interactive">;
  readonly config: DiscordConfig;
  readonly clock: Clock;
  readonly log: Log;
}

type State = "open" | "said" | "thinking" | "kept";

/**
 * The answer to one interaction. The first response acknowledges it: those methods tell whether it was in time, and
 * when it was not, nothing else may happen. An interaction's token lives 15 min (Discord, "Receiving and Responding").
 */
export class Reply {
  readonly #interaction: Interaction;
  readonly #options: ReplyOptions;
  #state: State = "open";

  constructor(interaction: Interaction, options: ReplyOptions) {
    this.#interaction = interaction;
    this.#options = options;
  }

  /** "Godwit is thinking…", seen by the person alone; `tell` fills it in. */
  think(): Promise<boolean> {
    const data = { flags: MessageFlags.Ephemeral };
    return this.#acknowledge("thinking", {
      type: InteractionResponseType.DeferredChannelMessageWithSource,
      data,
    });
  }

  /** Leaves the message of the pressed button as it is. */
  keep(): Promise<boolean> {
    return this.#acknowledge("kept", { type: InteractionResponseType.DeferredMessageUpdate });
  }

  open(modal: Modal): Promise<boolean> {
    return this.#acknowledge("said", { type: InteractionResponseType.Modal, data: modal });
  }

  suggest(choices: readonly CommandChoice[]): Promise<boolean> {
    const type = InteractionResponseType.ApplicationCommandAutocompleteResult;
    return this.#acknowledge("said", { type, data: { choices } });
  }

  /** Replaces the message of the pressed button at once. */
  replace(shown: Shown): Promise<boolean> {
    return this.#acknowledge("kept", {
      type: InteractionResponseType.UpdateMessage,
      data: this.#body(shown),
    });
  }

  /** Tells the person alone: in the answer that is being thought of, in the message only they see, or in a new one. */
  async tell(shown: Shown): Promise<void> {
    const { isOnEphemeral } = this.#interaction;
    if (this.#state === "open") return void (await this.#say(shown));
    const isEdit = this.#state === "thinking" || (this.#state === "kept" && isOnEphemeral);
    const body = this.#body(shown);
    await this.#whileAlive(isEdit ? () => this.#edit(body) : () => this.#follow(body));
  }

  #say(shown: Shown): Promise<boolean> {
    const type = InteractionResponseType.ChannelMessageWithSource;
    return this.#acknowledge("said", { type, data: ephemeral(this.#body(shown)) });
  }

  #edit(body: object): Promise<unknown> {
    const { clients, config } = this.#options;
    return clients.interactive.patch(
      Routes.webhookMessage(config.applicationId, this.#interaction.token, "@original"),
      {
        body,
        auth: false,
      },
    );
  }

  #follow(body: { readonly flags: number }): Promise<unknown> {
    const { clients, config } = this.#options;
    const route = Routes.webhook(config.applicationId, this.#interaction.token);
    return clients.interactive.post(route, { body: ephemeral(body), auth: false });
  }

  #body({ message, controls }: Shown) {
    const rendered = renderMessage(message, { support: this.#options.config.support, controls });
    return { ...rendered, allowed_mentions: closedMentions };
  }

  async #acknowledge(state: State, body: object): Promise<boolean> {
    const { log } = this.#options;
    const { kind } = this.#interaction;
    const facts = { interaction: kind, userId: this.#interaction.user.id };
    try {
      await this.#respond(body);
      this.#state = state;
      this.#measure(facts);
      return true;
    } catch (error) {
      const isLate = hasCode(error, CODE.unknownInteraction, CODE.alreadyAcknowledged);
      if (isLate) log.info({ ...facts, code: discordCode(error) }, "interaction was over");
      else log.warn({ ...facts, code: discordCode(error), error }, "interaction not acknowledged");
      return false;
    }
  }

  /**
   * Repeated once where its answer was lost; a second response that is one too many then tells that the first has
   * arrived. Where the first is one too many, another process answers.
   */
  async #respond(body: object): Promise<void> {
    const { id, token } = this.#interaction;
    const { acknowledging } = this.#options.clients;
    const respond = () => acknowledging.post(Routes.interactionCallback(id, token), { body, auth: false });
    try {
      await respond();
    } catch (error) {
      if (discordCode(error) !== null) throw error;
      await respond().catch((again: unknown) => {
        if (!hasCode(again, CODE.alreadyAcknowledged)) throw again;
      });
    }
  }

  /** From the moment Discord made the interaction; its clock and ours may differ. */
  #measure(facts: object): void {
    const { clock, log } = this.#options;
    const ms = clock.now().getTime() - createdAt(this.#interaction.id).getTime();
    if (ms > SLOW_MS) log.warn({ ...facts, ms }, "interaction acknowledged late");
    else log.debug({ ...facts, ms }, "interaction acknowledged");
  }

  /** What cannot be told any more is in the log; the thread shows what happened. */
  async #whileAlive(send: () => Promise<unknown>): Promise<void> {
    try {
      await send();
    } catch (error) {
      if (!hasCode(error, CODE.tokenDied, CODE.unknownWebhook, CODE.unknownMessage)) throw error;
      this.#options.log.info({ code: discordCode(error) }, "answer came too late to be shown");
    }
  }
}

function ephemeral<Body extends { readonly flags: number }>(body: Body): Body {
  return { ...body, flags: body.flags | MessageFlags.Ephemeral };
}
