import { loadConfig } from "../config.ts";
import { EXIT, type ExitCode } from "./exit-code.ts";
import { configSource, openForCommand } from "./start.ts";
import { BadInput } from "./usage.ts";

/** `godwit commands deploy`: makes each chat platform offer `/db` as it is now. */
export async function commands([action, ...rest]: readonly string[]): Promise<ExitCode> {
  if (action !== "deploy" || rest.length > 0)
    throw new BadInput(`Write godwit commands deploy; “${[action, ...rest].join(" ")}” is unknown.`);
  const app = await openForCommand(await loadConfig(configSource()));
  try {
    if (app.chats.length === 0) throw new BadInput("No chat platform is configured.");
    for (const chat of app.chats) {
      const { kind, detail } = await chat.deployCommands();
      console.log(`${chat.platform}: ${kind}. ${detail}`);
    }
    return EXIT.done;
  } finally {
    await app.stop();
  }
}
