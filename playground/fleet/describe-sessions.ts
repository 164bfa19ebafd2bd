import { restartCommand } from "./restart-command.ts";
import { shopFiles } from "./shop/files.ts";
import type { Sessions } from "./start-sessions.ts";

/** Plans of servers for sessions; sizes and prices are made up. */
const PLANS = [
  plan("redis-s", { name: "S", vcpus: 1, memory: "1GiB", disk: "5GiB", connections: 100, price: 9.5 }),
  plan("redis-m", { name: "M", vcpus: 2, memory: "4GiB", disk: "20GiB", connections: 500, price: 45 }),
] as const;

/** What godwit.yaml says of the servers for sessions, their add-on and its application. */
export function describeSessions({ servers, user, keeper }: Sessions) {
  return {
    plans: PLANS,
    servers: servers.map(({ id }) => ({
      id,
      engine: "redis",
      zone: "par",
      url: `\${${urlVariable(id)}}`,
      plans: PLANS.map((each) => each.id),
    })),
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
  };
}

/** The variables that it reads. */
export function sessionsEnvironment({ servers, password }: Sessions): Record<string, string> {
  const urls = servers.map(({ id, adminUrl }) => [urlVariable(id), adminUrl] as const);
  return { ...Object.fromEntries(urls), SESSIONS_PASSWORD: password };
}

function urlVariable(serverId: string): string {
  return `${serverId.toUpperCase().replaceAll("-", "_")}_URL`;
}

function plan<const T extends object>(id: string, rest: T) {
  return { id, engine: "redis", ...rest };
}
