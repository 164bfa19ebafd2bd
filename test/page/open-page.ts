import type { App } from "@slack/bolt";
import type { Page } from "playwright-core";
import { type LocalDiscord, startLocalDiscord } from "../../playground/discord/index.ts";
import { type PageOptions, startPage } from "../../playground/page/start-page.ts";
import { type LocalSlack, startLocalSlack } from "../../playground/slack/index.ts";
import { startSocketApp } from "../playground/slack-sample-app.ts";
import { type RunningBrowser, startBrowser, type WindowSize } from "./browser.ts";
import { registerSampleBot, type SampleBot } from "./sample-bot.ts";
import { type SampleDemo, sampleDemo } from "./sample-demo.ts";
import { type SampleDiscordBot, startSampleBot } from "./sample-discord-bot.ts";

/** The page before its platforms, and a browser. */
export interface Pages {
  readonly demo: SampleDemo;
  readonly url: string;
  readonly browser: RunningBrowser;
  /** Opens the page as a person, `alice` or `discord/alice`; what the browser complains about is in `complaints`. */
  open(visit?: string, size?: WindowSize): Promise<Page>;
  readonly complaints: string[];
  stop(): Promise<void>;
}

/** A local Slack with the sample bot, the page before it, and a browser. */
export interface Stage extends Pages {
  readonly slack: LocalSlack;
  readonly app: App;
  readonly bot: SampleBot;
}

/** The same with a local Discord. */
export interface DiscordStage extends Pages {
  readonly discord: LocalDiscord;
  readonly bot: SampleDiscordBot;
}

export async function startStage(): Promise<Stage> {
  const slack = await startLocalSlack();
  const bots: SampleBot[] = [];
  const running = await startSocketApp(slack, (app) => bots.push(registerSampleBot(app)));
  const pages = await openPages({ slack }, "alice");
  const stop = async (): Promise<void> => {
    await pages.stop();
    await running.stop();
    await slack.close();
  };
  return { ...pages, slack, app: running.app, bot: bots[0] as SampleBot, stop };
}

export async function startDiscordStage(): Promise<DiscordStage> {
  const discord = await startLocalDiscord({ interactionTimeoutMs: 1_500 });
  const bot = await startSampleBot(discord);
  const pages = await openPages({ discord }, "discord/alice");
  const stop = async (): Promise<void> => {
    await pages.stop();
    await bot.stop();
    await discord.close();
  };
  return { ...pages, discord, bot, stop };
}

/** Serves the page and starts a browser. */
export async function openPages(
  chats: Pick<PageOptions, "slack" | "discord">,
  usualVisit: string,
): Promise<Pages> {
  const demo = sampleDemo();
  const [started, browser] = await Promise.all([startPage({ ...chats, ...demo }), startBrowser()]);
  const complaints: string[] = [];
  const open: Pages["open"] = async (visit = usualVisit, size) => {
    const page = await browser.newPage(size);
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.goto(`${started.url}#${visit}`);
    await page.getByRole("textbox", { name: "Message #databases" }).waitFor();
    return page;
  };
  const stop = async (): Promise<void> => {
    await browser.close();
    await started.close();
  };
  return { demo, url: started.url, browser, open, complaints, stop };
}
