import type { IncomingMessage, ServerResponse } from "node:http";
import type { Action as DiscordAction, LocalDiscord } from "../discord/index.ts";
import type { LocalSlack, Action as SlackAction } from "../slack/index.ts";
import type { ClientFiles } from "./build-client.ts";
import { type DemoAction, demoAction } from "./demo-state.ts";
import { judgeRequest } from "./guard-request.ts";
import type { PageFeed } from "./page-feed.ts";

const BODY_LIMIT_BYTES = 100_000;

export interface Page {
  readonly files: ClientFiles;
  readonly feed: PageFeed;
  readonly slack: LocalSlack | null;
  readonly discord: LocalDiscord | null;
  readonly onDemoAction: (action: DemoAction) => Promise<void>;
}

/** Scripts and styles of the page alone; pictures in messages may come from https. */
const headers = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data: https:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
};

/** Answers one request to the page. */
export async function servePage(
  page: Page,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  const method = request.method ?? "";
  const verdict = judgeRequest({ method, headers: request.headers }, request.socket.localPort ?? 0);
  if (!verdict.allowed) return answer(response, 403, { error: verdict.reason });
  const path = new URL(request.url ?? "/", "http://page").pathname;
  switch (`${method} ${path}`) {
    case "GET /feed":
      return page.feed.attach(response);
    case "POST /act":
      return perform(page, response, async () =>
        present(page.slack, "Slack").act((await readJson(request)) as SlackAction),
      );
    case "POST /discord/act":
      return perform(page, response, async () =>
        present(page.discord, "Discord").act((await readJson(request)) as DiscordAction),
      );
    case "POST /demo":
      return perform(page, response, async () =>
        page.onDemoAction(demoAction.parse(await readJson(request))),
      );
    default:
      return serveFile(page.files, response, method === "GET" ? path : "");
  }
}

function present<T>(server: T | null, name: string): T {
  if (!server) throw new Error(`there is no ${name} on this page`);
  return server;
}

/** Does what a person asked for; what was not possible is an answer, not a defect of the page. */
async function perform(page: Page, response: ServerResponse, work: () => Promise<unknown>): Promise<void> {
  try {
    const result = await work();
    answer(response, 200, { result: result ?? null });
  } catch (error) {
    answer(response, 422, { error: error instanceof Error ? error.message : String(error) });
  } finally {
    page.feed.flushSoon();
  }
}

function serveFile(files: ClientFiles, response: ServerResponse, path: string): void {
  const file = files.get(path === "/" ? "/index.html" : path);
  if (!file) return answer(response, 404, { error: "there is nothing here" });
  response.writeHead(200, { "content-type": file.contentType }).end(file.content);
}

/** Reads a long body to its end, so that the connection stays usable, but keeps none of it. */
async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= BODY_LIMIT_BYTES) chunks.push(chunk);
  }
  if (length > BODY_LIMIT_BYTES) throw new Error(`the body is longer than ${BODY_LIMIT_BYTES} bytes`);
  return JSON.parse(Buffer.concat(chunks).toString("utf8"));
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8" }).end(JSON.stringify(body));
}
