import type { AddonSummary } from "../../core/addon.ts";
import type { Member } from "../../core/member.ts";
import type { ChatInbound } from "../../core/ports/chat.ts";
import type { Clock } from "../../core/ports/clock.ts";
import { BoundedMap } from "../bounded-map.ts";
import { within } from "./within.ts";

/** A list of options is its own acknowledgement, so it has less than the second that one has. */
const ANSWER_MS = 900;
const CACHE_MS = 30_000;
const CACHE_SIZE = 500;

interface Search {
  readonly until: number;
  readonly found: Promise<readonly AddonSummary[]>;
}

interface SuggestionsOptions {
  readonly inbound: Pick<ChatInbound, "searchAddons">;
  readonly clock: Clock;
}

/** Add-ons for the select. A search that comes too late for one request is there for the next. */
export class Suggestions {
  readonly #options: SuggestionsOptions;
  readonly #searches = new BoundedMap<string, Search>(CACHE_SIZE);

  constructor(options: SuggestionsOptions) {
    this.#options = options;
  }

  /** Empty when the provider is slow: options cannot show an error. Rejects when the search does. */
  async find(
    userId: string,
    query: string,
    memberOf: () => Promise<Member>,
  ): Promise<readonly AddonSummary[]> {
    const { clock } = this.#options;
    const found = this.#search(`${userId} ${query.trim().toLowerCase()}`, async () =>
      this.#options.inbound.searchAddons(await memberOf(), query),
    );
    return (await within(found, { ms: ANSWER_MS, clock })) ?? [];
  }

  /** Begins the search that an empty select asks for when it is opened. */
  prefetch(userId: string, memberOf: () => Promise<Member>): void {
    const search = async () => this.#options.inbound.searchAddons(await memberOf(), "");
    // An error is told to whoever asks for the list.
    this.#search(`${userId} `, search).catch(() => undefined);
  }

  #search(key: string, run: () => Promise<readonly AddonSummary[]>): Promise<readonly AddonSummary[]> {
    const now = this.#options.clock.now().getTime();
    const known = this.#searches.get(key);
    if (known !== undefined && known.until > now) return known.found;
    const found = run();
    found.catch(() => this.#searches.delete(key));
    this.#searches.set(key, { until: now + CACHE_MS, found });
    return found;
  }
}
