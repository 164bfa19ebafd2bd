import type { ServerResponse } from "node:http";
import type { LocalDiscord } from "../discord/index.ts";
import type { LocalSlack } from "../slack/index.ts";
import type { DemoState } from "./demo-state.ts";
import { diffState } from "./diff-state.ts";
import type { PageSettings } from "./page-settings.ts";
import type { PageState } from "./page-state.ts";

/** Progress cards and the demo are told four times a second; what a person waits for, at once. */
const SPACING_MS = 250;
const AT_ONCE_MS = 20;
/** A page that reads nothing any more; the browser connects again by itself when it wakes. */
const BACKLOG_LIMIT_BYTES = 8_000_000;

export interface FeedSource {
  readonly slack: LocalSlack | null;
  readonly discord: LocalDiscord | null;
  readonly getDemoState: () => DemoState;
  readonly settings: PageSettings;
}

/** Server-sent events to every open page: first all there is, then what changes. */
export class PageFeed {
  readonly #source: FeedSource;
  readonly #pages = new Set<ServerResponse>();
  readonly #unsubscribe: readonly (() => void)[];
  #told: PageState;
  #ticker: NodeJS.Timeout | undefined;
  #soon: NodeJS.Timeout | undefined;

  constructor(source: FeedSource) {
    this.#source = source;
    this.#told = this.#look();
    const listen = (change: { readonly kind: string }): void => {
      if (isAwaited(change)) this.flushSoon();
    };
    const { slack, discord } = source;
    this.#unsubscribe = [slack, discord].flatMap((server) => (server ? [server.subscribe(listen)] : []));
  }

  /** Keeps the response open until the page goes away. */
  attach(response: ServerResponse): void {
    this.#flush();
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
    this.#pages.add(response);
    response.on("close", () => this.#detach(response));
    send(response, "welcome", { settings: this.#source.settings, state: this.#told });
    this.#ticker ??= setInterval(() => this.#flush(), SPACING_MS);
  }

  /** Tells the pages within a few milliseconds instead of at the next quarter of a second. */
  flushSoon(): void {
    if (this.#pages.size === 0) return;
    this.#soon ??= setTimeout(() => this.#flush(), AT_ONCE_MS);
  }

  close(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    for (const page of this.#pages) page.end();
    clearInterval(this.#ticker);
    clearTimeout(this.#soon);
  }

  #detach(response: ServerResponse): void {
    this.#pages.delete(response);
    if (this.#pages.size > 0) return;
    clearInterval(this.#ticker);
    this.#ticker = undefined;
  }

  #flush(): void {
    clearTimeout(this.#soon);
    this.#soon = undefined;
    const now = this.#look();
    const patch = diffState(this.#told, now);
    this.#told = now;
    if (!patch) return;
    for (const page of this.#pages) send(page, "patch", patch);
  }

  #look(): PageState {
    const { slack, discord, getDemoState } = this.#source;
    return {
      slack: slack?.snapshot() ?? null,
      discord: discord?.snapshot() ?? null,
      demo: structuredClone(getDemoState()),
    };
  }
}

function isAwaited({ kind }: { readonly kind: string }): boolean {
  return kind !== "api-call" && kind !== "message-edited";
}

function send(page: ServerResponse, event: "welcome" | "patch", data: object): void {
  if (page.writableLength > BACKLOG_LIMIT_BYTES) return void page.destroy();
  page.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}
