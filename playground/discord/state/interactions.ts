import type { Clock } from "../../local/clock.ts";
import type { Feed } from "../feed.ts";
import type { Ids } from "../ids.ts";
import type { CommandChoice, InteractionReference, InteractionState, OpenModal } from "../model.ts";

/** What the app's first response was. */
export type ResponseKind = "message" | "thinking" | "update" | "deferred-update" | "modal" | "choices";

export interface FirstResponse {
  readonly kind: ResponseKind;
  readonly choices: readonly CommandChoice[];
  /** Of a message. */
  readonly text?: string;
}

/** One thing a person did, from the moment it was sent to the end of its token. */
export interface Interaction {
  readonly state: InteractionState;
  readonly token: string;
  /** Of the submitted form. */
  readonly modal: OpenModal | null;
  response: FirstResponse | null;
  /** The message `@original` names. */
  originalId: string | null;
  /** Messages that may be reached with the token, `@original` among them. */
  readonly messageIds: Set<string>;
  /** Called with the first response. */
  onResponse: (response: FirstResponse) => void;
}

export type NewInteraction = Pick<
  InteractionState,
  "kind" | "userId" | "channelId" | "commandName" | "customId" | "messageId"
> & { readonly modal: OpenModal | null };

/** Minutes a token is good for ("Discord, Receiving and Responding"). */
const tokenLifeMs = 15 * 60_000;
/** Older states are forgotten, so that a long-running page does not grow. */
const keptPerUser = 50;

/** Interactions by id and token. */
export class Interactions {
  readonly #all = new Map<string, Interaction>();
  readonly #clock: Clock;
  readonly #ids: Ids;
  readonly #feed: Feed;

  constructor(parts: { clock: Clock; ids: Ids; feed: Feed }) {
    this.#clock = parts.clock;
    this.#ids = parts.ids;
    this.#feed = parts.feed;
  }

  create({ modal, ...made }: NewInteraction): Interaction {
    const state = {
      ...made,
      id: this.#ids.next(),
      createdAtMs: this.#clock.now(),
      state: "waiting",
    } as const;
    const interaction: Interaction = {
      state,
      token: `aW50ZXJhY3Rpb24${this.#ids.secret(60)}`,
      modal,
      response: null,
      originalId: null,
      messageIds: new Set(),
      onResponse: () => {},
    };
    this.#all.set(state.id, interaction);
    this.#feed.emit({ kind: "interaction-updated", interaction: state });
    return interaction;
  }

  find(id: string): Interaction | undefined {
    return this.#all.get(id);
  }

  findByToken(token: string): Interaction | undefined {
    return [...this.#all.values()].find((interaction) => interaction.token === token);
  }

  isExpired(interaction: Interaction): boolean {
    return this.#clock.now() - interaction.state.createdAtMs >= tokenLifeMs;
  }

  ageMs(interaction: Interaction): number {
    return this.#clock.now() - interaction.state.createdAtMs;
  }

  mark(interaction: Interaction, state: InteractionState["state"]): void {
    interaction.state.state = state;
    this.#feed.emit({ kind: "interaction-updated", interaction: interaction.state });
  }

  /** Autocomplete is left out: it leaves nothing on the screen. */
  statesByUser(): Record<string, InteractionState[]> {
    const byUser: Record<string, InteractionState[]> = {};
    for (const { state } of this.#all.values()) {
      if (state.kind !== "autocomplete") (byUser[state.userId] ??= []).push(state);
    }
    return Object.fromEntries(
      Object.entries(byUser).map(([userId, states]) => [userId, states.slice(-keptPerUser)]),
    );
  }
}

export function referenceTo(interaction: Interaction): InteractionReference {
  const { id, kind, userId, commandName } = interaction.state;
  return { id, kind, userId, commandName };
}
