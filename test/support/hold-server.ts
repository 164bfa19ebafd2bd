import { startRedis } from "../../playground/servers/redis.ts";
import { startEmbeddedPostgres } from "../../src/store/embedded/start-embedded-postgres.ts";

/** A program for tests that kill it: starts servers, prints where they are, and waits. */
const [postgres, redis] = await Promise.all([
  startEmbeddedPostgres({ superuserPassword: "held" }),
  startRedis(),
]);
console.log(JSON.stringify({ pid: postgres.pid, url: postgres.url, ports: [postgres.port, redis.port] }));
setInterval(() => undefined, 60_000);
