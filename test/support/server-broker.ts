import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Fleet, type FleetMajor, startFleet } from "../../playground/fleet/start-fleet.ts";
import { type RedisServer, startRedis } from "../../playground/servers/redis.ts";

/** Starts each server once for a whole test run, when the first test asks for it. */
export interface ServerBroker {
  /** Loopback address that test files ask; see `shared-servers.ts`. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Test files run in processes of their own, so they ask over HTTP: `/postgres/18` or `/redis` answers a URL. */
export async function startServerBroker(): Promise<ServerBroker> {
  const servers = new SharedServers();
  const token = randomUUID();
  const http = createServer((request, response) => void answer(request, response, { servers, token }));
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/${token}`;
  return { url, stop: () => Promise.all([close(http), servers.stop()]).then(() => undefined) };
}

class SharedServers {
  readonly #fleets = new Map<FleetMajor, Promise<Fleet>>();
  #redis: Promise<RedisServer> | undefined;

  async postgres(major: FleetMajor): Promise<string> {
    const fleet =
      this.#fleets.get(major) ?? startFleet({ majors: [major], settings: { max_connections: "300" } });
    this.#fleets.set(major, fleet);
    return (await fleet).server(major).url;
  }

  async redis(): Promise<string> {
    const running = process.env["TEST_REDIS_URL"];
    if (running !== undefined && running !== "") return running;
    this.#redis ??= startRedis();
    return (await this.#redis).url;
  }

  async stop(): Promise<void> {
    const asked: (Promise<{ stop(): Promise<void> }> | undefined)[] = [...this.#fleets.values(), this.#redis];
    await Promise.allSettled(asked.map(async (server) => (await server)?.stop()));
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { servers, token }: { servers: SharedServers; token: string },
): Promise<void> {
  try {
    const [, given, kind, major] = (request.url ?? "").split("/");
    if (given !== token) throw new Error("this broker belongs to another test run");
    response.end(await (kind === "redis" ? servers.redis() : servers.postgres(Number(major) as FleetMajor)));
  } catch (error) {
    response.writeHead(500).end((error as Error).message);
  }
}

async function close(http: Server): Promise<void> {
  http.close();
  http.closeAllConnections();
  await once(http, "close");
}
