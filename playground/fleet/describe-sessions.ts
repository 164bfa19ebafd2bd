import { describeServer, type FleetPart, urlVariable } from "./fleet-part.ts";
import { restartCommand } from "./restart-command.ts";
import { shopFiles } from "./shop/files.ts";
import type { Sessions } from "./start-sessions.ts";

/** Plans of servers for sessions; sizes and prices are made up. */
const PLANS = [
  plan("redis-s", { name: "S", vcpus: 1, memory: "1GiB", disk: "5GiB", connections: 100, price: 9.5 }),
  plan("redis-m", { name: "M", vcpus: 2, memory: "4GiB", disk: "20GiB", connections: 500, price: 45 }),
] as const;

/** What godwit.yaml says of the servers for sessions, their add-on and its application. */
export function describeSessions({ servers, user, password, keeper }: Sessions): FleetPart {
  const plans = PLANS.map(({ id }) => id);
  const urls = servers.map(({ id, adminUrl }) => [urlVariable(id), adminUrl] as const);
  return {
    plans: PLANS,
    servers: servers.map(({ id }) => describeServer(id, { engine: "redis", plans })),
    addons: [
      {
        id: "addon_sessions",
        name: "sessions",
        server: servers[0]?.id,
        plan: "redis-s",
        database: "0",
        user,
        password: "${SESSIONS_PASSWORD}",
        applications: ["keeper"],
      },
    ],
    applications: [
      {
        id: "keeper",
        name: "Keeper",
        env: { file: shopFiles(keeper.folder).env },
        restart: { command: restartCommand(keeper.folder) },
      },
    ],
    environment: { ...Object.fromEntries(urls), SESSIONS_PASSWORD: password },
  };
}

function plan<const T extends object>(id: string, rest: T) {
  return { id, engine: "redis", ...rest };
}
