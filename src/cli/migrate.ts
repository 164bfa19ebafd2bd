import { userInfo } from "node:os";
import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import type { App } from "../app.ts";
import { loadConfig } from "../config.ts";
import type { FormSelection } from "../core/form.ts";
import type { Actor } from "../core/member.ts";
import type { Migration } from "../core/migration.ts";
import { consentsOf, isBlocked } from "../core/preflight.ts";
import { redact } from "../core/redact.ts";
import type { Refusal } from "../core/verdict.ts";
import { confirmMigration } from "../migrations/confirm-migration.ts";
import { giveConsent } from "../migrations/give-consent.ts";
import { orRefused } from "../migrations/or-refused.ts";
import { submitRequest } from "../migrations/submit-request.ts";
import { EXIT, type ExitCode } from "./exit-code.ts";
import { follow } from "./follow.ts";
import { createReporter, type Reporter } from "./reporter.ts";
import { configSource, openForCommand } from "./start.ts";
import { BadInput } from "./usage.ts";

const OPTIONS = {
  plan: { type: "string" },
  version: { type: "string" },
  zone: { type: "string" },
  strategy: { type: "string" },
  yes: { type: "boolean", default: false },
  consent: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
} as const;

const PREFLIGHT_MS = 300_000;

/** `godwit migrate`: the same migration as from chat, driven by this process and told on its standard output. */
export async function migrate(args: readonly string[]): Promise<ExitCode> {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const { yes, consent, json, plan: planId, version, zone, strategy } = values;
  const [addonId, ...surplus] = positionals;
  if (!addonId || surplus.length > 0) throw new BadInput("godwit migrate takes one add-on.");
  const selection = withoutUndefined({ addonId, planId, version, zone, strategy });
  const app = await openForCommand(await loadConfig(configSource()));
  try {
    return await runMigration(app, { selection, yes, consent, reporter: createReporter(json) });
  } finally {
    await app.stop();
  }
}

interface Order {
  readonly selection: FormSelection;
  readonly yes: boolean;
  readonly consent: boolean;
  readonly reporter: Reporter;
}

async function runMigration(app: App, { selection, yes, consent, reporter }: Order): Promise<ExitCode> {
  const by: Actor = { platform: "cli", id: userInfo().username, name: userInfo().username };
  const signal = AbortSignal.timeout(PREFLIGHT_MS);
  // Until something has started, whatever stands in the way is a refusal.
  const answer = await orRefused(() => submitRequest(app.deps, { selection, by, place: null }, signal));
  if (answer.kind === "refused") return refuse(reporter, answer.refusal);
  const draft = answer.migration;
  reporter.notification({ kind: "confirmation", migration: draft, confirmable: !isBlocked(draft.preflight) });
  if (isBlocked(draft.preflight)) return EXIT.refused;
  const { id: migrationId, planHash } = draft;
  if (consentsOf(draft.preflight).length > 0) {
    if (!consent && !(await consents(draft))) return EXIT.refused;
    await giveConsent(app.deps, { migrationId, planHash, by });
  }
  if (!yes && !(await agrees(draft))) return EXIT.refused;
  const confirmed = await confirmMigration(app.deps, { migrationId, planHash, by }, signal);
  if (confirmed.kind === "refused") return refuse(reporter, confirmed.refusal);
  return (await follow(app, migrationId, reporter)) ? EXIT.done : EXIT.failed;
}

function refuse(reporter: Reporter, refusal: Refusal): ExitCode {
  reporter.refusal(refusal);
  return EXIT.refused;
}

/** Asks on a terminal; without one there is nobody to ask, so `--yes` is needed. */
async function agrees({ source }: Migration): Promise<boolean> {
  if (!process.stdin.isTTY) throw new BadInput("there is no terminal to confirm on; add --yes.");
  return (await asked(`Migrate ${source.addonName} now? Type its name to confirm: `)) === source.addonName;
}

/** A question of its own: `--yes` is no answer to it. */
async function consents({ preflight }: Migration): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new BadInput("this plan asks for a consent of its own; read it, and add --consent.");
  const what = consentsOf(preflight).map(({ summary }) => redact(summary));
  return (await asked(`${what.join(" ")} Type consent to consent: `)) === "consent";
}

async function asked(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(question);
  terminal.close();
  return answer.trim();
}

function withoutUndefined(selection: Record<string, string | undefined>): FormSelection {
  return Object.fromEntries(Object.entries(selection).filter(([, value]) => value !== undefined));
}
