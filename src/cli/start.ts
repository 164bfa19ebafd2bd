import { parseArgs } from "node:util";
import { type App, createApp, type Role } from "../app.ts";
import { type Config, loadConfig } from "../config.ts";
import { engineCapabilities } from "../engines/index.ts";
import { createLog } from "../log.ts";
import { startAdminServer } from "./admin-server.ts";
import { EXIT, type ExitCode } from "./exit-code.ts";
import { BadInput } from "./usage.ts";

const ROLES: readonly Role[] = ["bot", "worker"];
/** A process that does not end by itself after SIGTERM is ended; its leases run out and others go on. */
const LONGEST_STOP_MS = 20_000;

/** `godwit start`: runs until SIGTERM or SIGINT. */
export async function start(args: readonly string[]): Promise<ExitCode> {
  const { values } = parseArgs({ args: [...args], options: { role: { type: "string", multiple: true } } });
  const roles = rolesOf(values.role);
  const config = await loadConfig(configSource());
  const log = createLog(config.logLevel);
  const app = await createApp({ config, log, folder: process.cwd() });
  try {
    await app.start(roles);
    const admin = config.admin ? await startAdminServer(config.admin, app) : undefined;
    log.info({ roles, platforms: app.chats.map(({ platform }) => platform) }, "godwit has started");
    await untilEnd(app);
    await admin?.close();
  } finally {
    await stopInTime(app);
  }
  log.info({}, "godwit has stopped");
  return EXIT.done;
}

/** Where the command line's configuration comes from. */
export function configSource(): Parameters<typeof loadConfig>[0] {
  return { environment: process.env, folder: process.cwd(), engines: engineCapabilities };
}

/** Opens the app for a command that is over soon; only what someone must act on is logged. */
export async function openForCommand(config: Config): Promise<App> {
  const level = config.logLevel === "info" ? "error" : config.logLevel;
  return createApp({ config, log: createLog(level), folder: process.cwd() });
}

function rolesOf(given: readonly string[] | undefined): readonly Role[] {
  if (!given) return ROLES;
  return given.map((name) => {
    const role = ROLES.find((known) => known === name);
    if (!role) throw new BadInput(`--role ${name} is no role; write bot or worker.`);
    return role;
  });
}

/** Rejects when a chat platform will never take this bot again. */
async function untilEnd({ gaveUp }: App): Promise<void> {
  await Promise.race([
    untilToldToEnd(),
    gaveUp.then((error) => {
      throw error;
    }),
  ]);
}

async function untilToldToEnd(): Promise<void> {
  await new Promise<void>((resolve) => {
    process.once("SIGTERM", () => resolve());
    process.once("SIGINT", () => resolve());
  });
}

async function stopInTime(app: App): Promise<void> {
  const timer = setTimeout(() => process.exit(EXIT.failed), LONGEST_STOP_MS);
  timer.unref();
  await app.stop();
  clearTimeout(timer);
}
