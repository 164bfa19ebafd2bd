import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Fleet, type FleetMajor, startFleet } from "../../playground/fleet/start-fleet.ts";
import { type MysqlServer, startMysql } from "../../playground/servers/mysql.ts";
import { type RedisServer, startRedis } from "../../playground/servers/redis.ts";
import type { MysqlServerName } from "../../scripts/tools/ensure-tools.ts";
import { BundledPrograms } from "./bundle-program.ts";

/** Starts each server once for a whole test run, when the first test asks for it. */
export interface ServerBroker {
  /** Loopback address that test files ask; see `shared-servers.ts`. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Test files run in processes of their own, so they ask over HTTP: `/postgres/18` or `/redis` answers a URL,
 * `/program/<source>` the path of a bundle.
 */
export async function startServerBroker(): Promise<ServerBroker> {
  const servers = new SharedServers();
  const programs = new BundledPrograms();
  const token = randomUUID();
  const http = createServer(
    (request, response) => void answer(request, response, { servers, programs, token }),
  );
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/${token}`;
  return {
    url,
    stop: () => Promise.all([close(http), servers.stop(), programs.remove()]).then(() => undefined),
  };
}

class SharedServers {
  readonly #fleets = new Map<FleetMajor, Promise<Fleet>>();
  readonly #mysql = new Map<MysqlServerName, Promise<MysqlServer>>();
  #redis: Promise<RedisServer> | undefined;

  async postgres(major: FleetMajor): Promise<string> {
    const fleet =
      this.#fleets.get(major) ?? startFleet({ majors: [major], settings: { max_connections: "300" } });
    this.#fleets.set(major, fleet);
    return (await fleet).server(major).url;
  }

  async mysql(name: MysqlServerName): Promise<string> {
    const server = this.#mysql.get(name) ?? startMysql(name);
    this.#mysql.set(name, server);
    return (await server).url;
  }

  async redis(): Promise<string> {
    const running = process.env["TEST_REDIS_URL"];
    if (running !== undefined && running !== "") return running;
    this.#redis ??= startRedis();
    return (await this.#redis).url;
  }

  async stop(): Promise<void> {
    const asked: (Promise<{ stop(): Promise<void> }> | undefined)[] = [
      ...this.#fleets.values(),
      ...this.#mysql.values(),
      this.#redis,
    ];
    await Promise.allSettled(asked.map(async (server) => (await server)?.stop()));
  }
}

interface Shared {
  readonly servers: SharedServers;
  readonly programs: BundledPrograms;
  readonly token: string;
}

async function answer(request: IncomingMessage, response: ServerResponse, shared: Shared): Promise<void> {
  try {
    const [, given, kind = "", ...rest] = decodeURIComponent(request.url ?? "").split("/");
    if (given !== shared.token) throw new Error("this broker belongs to another test run");
    response.end(await have(kind, rest.join("/"), shared));
  } catch (error) {
    response.writeHead(500).end((error as Error).message);
  }
}

function have(kind: string, what: string, { servers, programs }: Shared): Promise<string> {
  if (kind === "program") return programs.bundle(what);
  if (kind === "mysql") return servers.mysql(what as MysqlServerName);
  return kind === "redis" ? servers.redis() : servers.postgres(Number(what) as FleetMajor);
}

async function close(http: Server): Promise<void> {
  http.close();
  http.closeAllConnections();
  await once(http, "close");
}
