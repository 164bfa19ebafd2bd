import type { Match, WaitOptions } from "../../local/matching.ts";
import { waitForMessage } from "../../local/wait-for-message.ts";
import type { Channel } from "../model.ts";
import { setBotPresence } from "../state/change-channel.ts";
import type { World } from "../world.ts";
import { MessageHandle, ThreadHandle } from "./message-handle.ts";
import { recentTrouble } from "./recent-trouble.ts";

/** What stands in a channel itself; threads have their own messages. */
export class ChannelHandle {
  readonly raw: Channel;
  readonly #world: World;

  constructor(world: World, raw: Channel) {
    this.#world = world;
    this.raw = raw;
  }

  get id(): string {
    return this.raw.id;
  }

  /** Oldest first. */
  messages(): MessageHandle[] {
    return this.#world.messages.inChannel(this.id).map((message) => new MessageHandle(this.#world, message));
  }

  threads(): ThreadHandle[] {
    return [...this.#world.directory.channels.values()]
      .filter(({ parentId, isDeleted }) => parentId === this.id && !isDeleted)
      .map(({ id }) => new ThreadHandle(this.#world, id));
  }

  /** The newest message that matches, now or within the time. */
  waitFor(match: Match<MessageHandle>, options: WaitOptions = {}): Promise<MessageHandle> {
    const list = {
      where: `in #${this.raw.name}`,
      handles: () => this.messages(),
      trouble: () => recentTrouble(this.#world),
    };
    return waitForMessage(this.#world, list, { match, options });
  }

  /** Lets the bot see the channel. */
  inviteBot(): void {
    setBotPresence(this.#world, this.raw, true);
  }

  /** Takes the bot's sight of the channel away: 50001 from now on. */
  removeBot(): void {
    setBotPresence(this.#world, this.raw, false);
  }

  /** The bot's permissions in this channel alone; null: those of the guild. */
  grantPermissions(bits: bigint | null): void {
    this.raw.botPermissions = bits === null ? null : bits.toString();
  }
}
