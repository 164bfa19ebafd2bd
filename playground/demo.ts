import { parseArgs } from "node:util";
import { playOrders } from "./demo/script/play-orders.ts";
import { playReports } from "./demo/script/play-reports.ts";
import { showPage } from "./demo/show-page.ts";
import { type Stage, startStage } from "./demo/start-stage.ts";
import { type Platform, platforms } from "./page/page-state.ts";

const USAGE = `npm run demo                 a page that looks like Slack and Discord, on 127.0.0.1
npm run demo -- --script     the same without a page: a scripted person, the thread as text
                --platform P slack or discord alone (default: both; the script plays in Slack)
                --rows N     rows of the sample database (default 1,000,000)
                --port N     port of the page (default: any free one)`;

const say = (line: string) => console.log(line);

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      script: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
      rows: { type: "string", default: "1000000" },
      port: { type: "string", default: "0" },
      platform: { type: "string" },
    },
  });
  const [rows, port] = [Number(values.rows), Number(values.port)];
  const chosen = chosenPlatforms(values);
  if (values.help || !(rows >= 1_000) || !(port >= 0) || chosen.length === 0) {
    say(USAGE);
    return values.help ? 0 : 2;
  }
  const stage = await startStage({ rows, platforms: chosen, say });
  try {
    return values.script ? await runScript(stage) : await keepPageOpen(stage, port);
  } finally {
    await stage.stop();
  }
}

/** None when there is no such platform. */
function chosenPlatforms({ platform, script }: { platform?: string; script: boolean }): Platform[] {
  const name = platform ?? (script ? "slack" : undefined);
  return platforms.filter((known) => name === undefined || known === name);
}

async function runScript(stage: Stage): Promise<number> {
  const orders = await playOrders(stage, say);
  say("\nThe same command, for a database at Clever Cloud, whose first attempt fails:\n");
  const reports = await playReports(stage, say);
  const complaints = [...orders.complaints, ...reports.complaints];
  const lines = [...orders.lines, ...reports.lines];
  say(["", ...lines, ...complaints.map((complaint) => `FAILED: ${complaint}`)].join("\n"));
  return complaints.length === 0 ? 0 : 1;
}

async function keepPageOpen(stage: Stage, port: number): Promise<number> {
  const page = await showPage(stage, port);
  say(`\nOpen ${page.url} and type /db migrate. Ctrl-C ends everything.`);
  await untilInterrupted();
  say("\nStopping…");
  await page.close();
  return 0;
}

/** Before this, Ctrl-C ends the process at once, and everything it started goes with it. */
async function untilInterrupted(): Promise<void> {
  await new Promise<void>((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
  });
}

process.exitCode = await main();
