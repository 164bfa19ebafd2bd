import type { Match, WaitOptions } from "../../local/matching.ts";
import type { Channel } from "../model.ts";
import type { World } from "../world.ts";
import { MessageHandle } from "./message-handle.ts";
import { waitForMessage } from "./message-list.ts";

/** What stands in a channel itself; replies are in the threads of its messages. */
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

  /** The newest message that matches, now or within the time. */
  waitFor(match: Match<MessageHandle>, options: WaitOptions = {}): Promise<MessageHandle> {
    const handles = (): MessageHandle[] => this.messages();
    const where = `in #${this.raw.name}`;
    return waitForMessage(this.#world, { where, handles }, { match, options });
  }

  /** `/invite @godwit` */
  inviteBot(): void {
    this.raw.hasBot = true;
  }

  removeBot(): void {
    this.raw.hasBot = false;
  }

  archive(): void {
    this.raw.isArchived = true;
  }
}
