import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Target } from "./connection.ts";
import type { Journal } from "./journal.ts";
import type { Writer } from "./writer.ts";

/** What `GET /status` answers. Times are in milliseconds since 1970. */
export interface ShopStatus {
  readonly pid: number;
  readonly writesPerSecond: number;
  readonly accepted: number;
  readonly refused: number;
  readonly errors: number;
  readonly firstRefusedAt: number | null;
  readonly lastRefusedAt: number | null;
  /** Null while the shop has no connection. */
  readonly connectedTo: Target | null;
}

const RESTART_TIMEOUT_MS = 10_000;

/** Serves `GET /status` and `POST /restart` on a free loopback port. */
export async function serveStatus(parts: {
  journal: Journal;
  writer: Writer;
}): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    const route = `${request.method} ${request.url}`;
    if (route === "GET /status") return answer(response, 200, status(parts));
    if (route === "POST /restart") return void restart(parts, response);
    return answer(response, 404, { error: "not found" });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function status({ journal, writer }: { journal: Journal; writer: Writer }): ShopStatus {
  const { accepted, refused, errors, firstRefusedAt, lastRefusedAt } = journal;
  const counts = { accepted, refused, errors, firstRefusedAt, lastRefusedAt };
  const writesPerSecond = journal.writesPerSecond(Date.now());
  return { pid: process.pid, writesPerSecond, ...counts, connectedTo: writer.target };
}

/** Answers 200 once the shop is connected again. */
async function restart(parts: { journal: Journal; writer: Writer }, response: ServerResponse): Promise<void> {
  parts.writer.restart();
  const end = Date.now() + RESTART_TIMEOUT_MS;
  while (parts.writer.isRestarting && Date.now() < end) await sleep(10);
  answer(response, parts.writer.isRestarting ? 503 : 200, status(parts));
}

function answer(response: ServerResponse, code: number, body: object): void {
  response.writeHead(code, { "content-type": "application/json" }).end(JSON.stringify(body));
}
