import type { App } from "@slack/bolt";
import type { Page } from "playwright-core";
import { startPage } from "../../playground/page/start-page.ts";
import { type LocalSlack, startLocalSlack } from "../../playground/slack/index.ts";
import { startSocketApp } from "../playground/slack-sample-app.ts";
import { type RunningBrowser, startBrowser } from "./browser.ts";
import { registerSampleBot, type SampleBot } from "./sample-bot.ts";
import { type SampleDemo, sampleDemo } from "./sample-demo.ts";

/** A local Slack with the sample bot, the page before it, and a browser. */
export interface Stage {
  readonly slack: LocalSlack;
  readonly app: App;
  readonly bot: SampleBot;
  readonly demo: SampleDemo;
  readonly url: string;
  readonly browser: RunningBrowser;
  /** Opens the page as a person; what the browser complains about is in `complaints`. */
  open(person?: string, size?: { width: number; height: number }): Promise<Page>;
  readonly complaints: string[];
  stop(): Promise<void>;
}

export async function startStage(): Promise<Stage> {
  const slack = await startLocalSlack();
  const bots: SampleBot[] = [];
  const running = await startSocketApp(slack, (app) => bots.push(registerSampleBot(app)));
  const demo = sampleDemo();
  const [started, browser] = await Promise.all([startPage({ slack, ...demo }), startBrowser()]);
  const complaints: string[] = [];
  const open: Stage["open"] = async (person = "alice", size) => {
    const page = await browser.newPage(size);
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.goto(`${started.url}#${person}`);
    await page.getByRole("textbox", { name: "Message #databases" }).waitFor();
    return page;
  };
  const stop = async (): Promise<void> => {
    await browser.close();
    await started.close();
    await running.stop();
    await slack.close();
  };
  return {
    slack,
    app: running.app,
    bot: bots[0] as SampleBot,
    demo,
    url: started.url,
    browser,
    open,
    complaints,
    stop,
  };
}
