import { createServer, type ServerResponse } from "node:http";
import type { App } from "../app.ts";
import type { AdminAddress } from "../config.ts";

/** A dependency that does not answer in this time counts as down. */
const CHECK_MS = 2_000;

/** A running admin interface. */
export interface AdminServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves `/livez` (the process turns), `/readyz` (database, queue and chat connections are up) and
 * `/metrics` (Prometheus text) on loopback unless told otherwise.
 */
export async function startAdminServer(address: AdminAddress, app: App): Promise<AdminServer> {
  const server = createServer((request, response) => {
    void answer(request.url ?? "/", response, app).catch(() => response.writeHead(500).end());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(address.port, address.host, resolve);
  });
  const bound = server.address();
  return {
    port: typeof bound === "object" && bound ? bound.port : address.port,
    close: () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()),
  };
}

async function answer(path: string, response: ServerResponse, app: App): Promise<void> {
  switch (path.split("?")[0]) {
    case "/livez":
      return send(response, 200, "ok\n");
    case "/readyz": {
      const trouble = await findTrouble(app);
      return send(
        response,
        trouble.length === 0 ? 200 : 503,
        trouble.length === 0 ? "ok\n" : `${trouble.join("\n")}\n`,
      );
    }
    case "/metrics":
      return send(response, 200, await metrics(app));
    default:
      return send(response, 404, "not found\n");
  }
}

async function findTrouble({ deps, chats }: App): Promise<string[]> {
  const checks: [string, Promise<unknown>][] = [
    ["database", deps.store.ping()],
    ["queue", deps.queue.ping()],
  ];
  const down = await Promise.all(
    checks.map(async ([name, check]) => ((await answers(check)) ? [] : [`${name} is down`])),
  );
  const cut = chats
    .filter((chat) => !chat.isConnected())
    .map(({ platform }) => `${platform} is not connected`);
  return [...down.flat(), ...cut];
}

async function answers(check: Promise<unknown>): Promise<boolean> {
  const late = new Promise<boolean>((resolve) => {
    setTimeout(() => resolve(false), CHECK_MS).unref();
  });
  return Promise.race([check.then(() => true).catch(() => false), late]);
}

async function metrics({ deps }: App): Promise<string> {
  const live = await deps.store.migrations({
    states: ["queued", "running", "rolling_back", "needs_support"],
    limit: 1_000,
  });
  const counts = new Map<string, number>();
  for (const { state } of live) counts.set(state, (counts.get(state) ?? 0) + 1);
  const states = [...counts].map(([state, count]) => `godwit_migrations_in_state{state="${state}"} ${count}`);
  return [
    "# TYPE godwit_migrations_in_state gauge",
    ...states,
    "# TYPE godwit_outbox_oldest_unsent_seconds gauge",
    `godwit_outbox_oldest_unsent_seconds ${((await deps.store.oldestUnsentMs()) / 1000).toFixed(3)}`,
    "# TYPE process_resident_memory_bytes gauge",
    `process_resident_memory_bytes ${process.memoryUsage.rss()}`,
    "",
  ].join("\n");
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(body);
}
