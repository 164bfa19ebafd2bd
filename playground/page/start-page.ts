import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { LocalDiscord } from "../discord/index.ts";
import type { LocalSlack } from "../slack/index.ts";
import { buildClient } from "./build-client.ts";
import type { DemoAction, DemoState } from "./demo-state.ts";
import { isNodeError } from "./is-node-error.ts";
import { PageFeed } from "./page-feed.ts";
import { type CommandHint, defaultCommandHints, defaultPageRoles, type PageRole } from "./page-settings.ts";
import { type Page, servePage } from "./serve-page.ts";

export type { DatabaseRole, DemoAction, DemoState } from "./demo-state.ts";
export type { CommandHint, PageRole } from "./page-settings.ts";

export interface PageOptions {
  /** Each platform that is given has a tab; there must be one. */
  readonly slack?: LocalSlack;
  readonly discord?: LocalDiscord;
  /** 0 or left out: any free port. Always on 127.0.0.1. */
  readonly port?: number;
  /** Asked about four times a second while a page is open; must not block. */
  readonly getDemoState: () => DemoState;
  /** What a person did beside the chat; when it throws, they read its message. */
  readonly onDemoAction: (action: DemoAction) => Promise<void>;
  /** Name of the workspace in Slack's sidebar; `Acme` when left out. */
  readonly workspace?: string;
  /** Whom a visitor can be; alice, bob and sam when left out. */
  readonly people?: readonly PageRole[];
  /** What Slack's composer offers after a slash; Discord knows the registered commands itself. */
  readonly commands?: readonly CommandHint[];
  /** Where built pages are kept; `.cache/page` when left out. */
  readonly cacheFolder?: string;
}

/** The running page. */
export interface StartedPage {
  /** Such as `http://127.0.0.1:4321/`. `#sam` after it opens the page as sam, `#discord/sam` in Discord. */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves a page that looks and works like Slack and Discord, with the demo's databases beside it. */
export async function startPage(options: PageOptions): Promise<StartedPage> {
  const { slack = null, discord = null, getDemoState, onDemoAction } = options;
  if (!slack && !discord) throw new Error("The page needs a local Slack, a local Discord, or both.");
  const files = await buildClient(options.cacheFolder);
  const settings = {
    workspace: options.workspace ?? "Acme",
    people: options.people ?? defaultPageRoles,
    commands: options.commands ?? defaultCommandHints,
  };
  const feed = new PageFeed({ slack, discord, getDemoState, settings });
  const server = await listen({ files, feed, slack, discord, onDemoAction }, options.port ?? 0).catch(
    (error: unknown) => {
      feed.close();
      throw error;
    },
  );
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return { url, close: () => close(server, feed) };
}

async function listen(page: Page, port: number): Promise<Server> {
  const server = createServer((request, response) => {
    servePage(page, request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(explain(error, port)));
    server.listen(port, "127.0.0.1", resolve);
  });
  return server;
}

function explain(error: Error, port: number): Error {
  if (!isNodeError(error, "EADDRINUSE")) return error;
  return new Error(`Port ${port} is taken. Stop what uses it, or choose another port.`, { cause: error });
}

async function close(server: Server, feed: PageFeed): Promise<void> {
  feed.close();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}
