import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import {
  type EmbeddedPostgres,
  FAST_UNSAFE_SETTINGS,
  startEmbeddedPostgres,
} from "../../src/store/embedded/start-embedded-postgres.ts";
import { expectWritesOn } from "../journeys/live-migration.ts";
import { withFleet } from "../support/with-fleet.ts";
import { expectNothingLost, withCrew } from "./crew.ts";
import { amount, IS_LONG } from "./length.ts";

const CRASHES = amount(3, 12);
const STRATEGIES = IS_LONG ? (["dump", "live"] as const) : (["dump"] as const);

/** As a crash does, and up again a moment later. */
async function crash(server: EmbeddedPostgres): Promise<void> {
  await server.crash();
  await sleep(Math.random() * 1_500);
  await server.restart();
}

it.each(STRATEGIES)(
  `Godwit's own PostgreSQL, the old server and the new one may crash ${CRASHES} times during a migration (%s)`,
  async (strategy) => {
    const own = await startEmbeddedPostgres({
      settings: FAST_UNSAFE_SETTINGS,
      superuserPassword: "of-its-own",
    });
    try {
      await withFleet({ rows: 20_000 }, (subject) =>
        withCrew(subject, async (crew) => {
          const { fleet } = subject;
          await crew.ask(own.url, strategy);
          await Promise.all([crew.startWorker(own.url), crew.startWorker(own.url)]);
          for (let index = 0; index < CRASHES; index += 1) {
            await sleep(200 + Math.random() * 1_000);
            await crash([own, fleet.server(15), fleet.server(18)][index % 3] ?? own);
          }
          const { state, failure } = await crew.ended(own.url);
          // Enough crashes of the servers themselves may turn a migration back; then the old database is in service.
          expect(["succeeded", "rolled_back"], JSON.stringify(failure)).toContain(state);
          await expectWritesOn(subject, state === "succeeded" ? 18 : 15);
          await expectNothingLost(subject);
        }),
      );
    } finally {
      await own.stop();
    }
  },
  300_000,
);
