import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { CHAT_PLATFORMS } from "../../src/chat/index.ts";
import type { ChatPort } from "../../src/core/ports/chat.ts";
import { aLog } from "../chat/makers.ts";
import { chatDependencies, ScriptedInbound } from "../chat/scripted-inbound.ts";
import type { ChatDriver, Failing, Platform } from "../journeys/platform/chat-driver.ts";
import { expectToldOnce } from "../journeys/platform/expect-told-once.ts";
import { startDriver } from "../journeys/platform/start-driver.ts";
import { openWorkbench, type Workbench } from "../migrations/workbench.ts";
import { until } from "../support/until.ts";
import { amount } from "./length.ts";
import { askIn, startWorker, takeTheirTime } from "./mill.ts";

const MIGRATIONS = amount(4, 100);
const OUTAGE_MS = amount(4_000, 60_000);
const STORM_MS = amount(3_000, 30_000);
const TIMINGS = { leaseMs: 1_500, heartbeatMs: 150, sweepMs: 200, progressMs: 200, retryMs: 20 };
/** Longer than the clients wait for an answer. */
const TIMES = { claimMs: 15_000, callMs: 11_000, paceShare: 0.02 };
const PLATFORMS: readonly Platform[] = ["Slack", "Discord"];
/** A message that waits is tried at most so often a second, and eight at once. */
const MOST_TRIES = 8;

interface Weather {
  readonly bench: Workbench;
  readonly chat: ChatDriver;
  readonly log: ReturnType<typeof aLog>;
  /** Asks for so many migrations, each with a thread of its own, and confirms them. */
  readonly ask: (count: number) => Promise<void>;
  /** Waits until every migration has succeeded. */
  readonly succeeded: (count: number) => Promise<void>;
}

/** Real adapters on a local platform, a real store, and a worker whose steps do nothing. */
async function withWeather(platform: Platform, body: (weather: Weather) => Promise<void>): Promise<void> {
  const [bench, chat, log] = [await openWorkbench(TIMINGS), await startDriver(platform), aLog()];
  const port = portOf(chat, log);
  takeTheirTime(bench);
  await port.start(new ScriptedInbound());
  await until(() => chat.connection.isUp(), { what: "the bot to be connected" });
  const logging = { ...bench, deps: { ...bench.deps, log } };
  const url = String(bench.pool.options.connectionString);
  const end = startWorker({ bench: logging, port, times: TIMES, name: "worker", url });
  const { key, channelId } = chat.settings;
  const place = {
    platform: key,
    workspace: chat.environment()["DISCORD_GUILD_ID"] ?? "T1",
    channel: channelId,
  };
  let asked = 0;
  try {
    await body({
      bench,
      chat,
      log,
      async ask(count) {
        for (let index = 0; index < count; index += 1) await askIn(bench, `addon_${(asked += 1)}`, place);
      },
      succeeded: (count) => untilSucceeded(bench, count),
    });
  } finally {
    chat.trouble.clear();
    await end();
    await port.stop();
    await chat.close();
    await bench.close();
  }
}

function portOf(chat: ChatDriver, log: Weather["log"]): ChatPort {
  const { SLACK_BOT_TOKEN, SLACK_APP_TOKEN, SLACK_API_URL, ...discord } = chat.environment();
  const deps = chatDependencies(log);
  if (chat.settings.key === "slack")
    return CHAT_PLATFORMS.slack(
      { botToken: SLACK_BOT_TOKEN ?? "", appToken: SLACK_APP_TOKEN ?? "", apiUrl: SLACK_API_URL ?? "" },
      deps,
    );
  return CHAT_PLATFORMS.discord(
    {
      token: discord["DISCORD_TOKEN"] ?? "",
      applicationId: discord["DISCORD_APPLICATION_ID"] ?? "",
      guildId: discord["DISCORD_GUILD_ID"],
      apiUrl: discord["DISCORD_API_URL"],
    },
    deps,
  );
}

async function untilSucceeded({ store }: Workbench, count: number): Promise<void> {
  const states = async () => (await store.migrations({ limit: 1_000 })).map(({ state }) => state);
  await until(async () => (await states()).filter((state) => state === "succeeded").length === count, {
    what: `${count} migrations to succeed`,
    timeoutMs: 120_000,
    everyMs: 100,
  });
}

const givenUp = async ({ pool }: Workbench): Promise<number> =>
  Number((await pool.query("SELECT count(*) FROM godwit.chat_outbox WHERE status = 'dead'")).rows[0].count);

describe.each(PLATFORMS)("while %s fails", (platform) => {
  it.each<[string, readonly (readonly [Failing, number])[]]>([
    ["asks to wait", [["429", 0.6]]],
    [
      "breaks before and after it takes messages",
      [
        ["500", 0.25],
        ["lost answers", 0.25],
      ],
    ],
  ])(
    "and %s, threads are told everything once and in order",
    async (_, failings) => {
      await withWeather(platform, async ({ bench, chat, ask, succeeded }) => {
        for (const [how, share] of failings) chat.trouble.fails(how, share);
        await ask(MIGRATIONS);
        await sleep(STORM_MS);
        chat.trouble.clear();
        await succeeded(MIGRATIONS);
        await expectToldOnce(chat, bench.pool);
      });
    },
    600_000,
  );

  it("for long, migrations end well, it is not besieged, and everything is told afterwards", async () => {
    await withWeather(platform, async ({ bench, chat, ask, succeeded }) => {
      await ask(1);
      chat.trouble.fails("outage");
      await ask(MIGRATIONS - 1);
      const before = chat.trouble.requests();
      await sleep(OUTAGE_MS);
      await succeeded(MIGRATIONS);
      const perSecond = (chat.trouble.requests() - before) / (OUTAGE_MS / 1_000);
      expect(perSecond).toBeLessThan(MOST_TRIES * 2);
      expect(await bench.store.oldestUnsentMs()).toBeGreaterThan(OUTAGE_MS / 2);
      chat.trouble.clear();
      await expectToldOnce(chat, bench.pool);
    });
  }, 600_000);

  it("because the channel is gone, its migration ends well, and the log names what nobody was told", async () => {
    await withWeather(platform, async ({ bench, chat, log, ask, succeeded }) => {
      await ask(1);
      await until(() => chat.messages().length === 1, { what: "the plan to be posted" });
      chat.trouble.fails("channel gone");
      await succeeded(1);
      await until(async () => (await bench.store.oldestUnsentMs()) === 0, { what: "nothing to wait" });
      expect(await givenUp(bench)).toBeGreaterThan(0);
      expect(log.lines.map(({ event }) => event)).toContain("message given up");
      const before = chat.trouble.requests();
      await sleep(1_000);
      expect(chat.trouble.requests() - before).toBeLessThan(3);
    });
  }, 120_000);

  it("because its token was revoked, migrations end well, messages wait, and it is not besieged", async () => {
    await withWeather(platform, async ({ bench, chat, ask, succeeded }) => {
      chat.trouble.fails("token refused");
      await ask(MIGRATIONS);
      const before = chat.trouble.requests();
      await succeeded(MIGRATIONS);
      await sleep(OUTAGE_MS);
      expect((chat.trouble.requests() - before) / (OUTAGE_MS / 1_000)).toBeLessThan(MOST_TRIES * 2);
      expect(await givenUp(bench)).toBe(0);
      expect(await bench.store.oldestUnsentMs()).toBeGreaterThan(OUTAGE_MS / 2);
    });
  }, 600_000);
});
