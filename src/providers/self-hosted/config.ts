import { resolve } from "node:path";
import { z } from "zod";
import type { MaintenanceWindow } from "../../core/maintenance.ts";
import { money } from "../../core/money.ts";
import type { Plan } from "../../core/plan.ts";
import type { EngineCapabilities } from "../../core/ports/engine-capabilities.ts";
import type { Secret } from "../../core/secret.ts";
import {
  amount,
  count,
  duration,
  id,
  list,
  price,
  record,
  secret,
  secretUrl,
  size,
  text,
} from "../../validation/fields.ts";
import { maintenanceSchema } from "../../validation/maintenance.ts";
import { checkReferences } from "./check-references.ts";

/** A database server of the fleet. */
export interface ServerConfig {
  readonly id: string;
  readonly engine: string;
  readonly zone: string;
  /** URL of an administrator. */
  readonly url: Secret;
  /** IDs of the plans that the server offers. */
  readonly plans: readonly string[];
}

/** An add-on as godwit.yaml describes it for adoption; afterwards the store is the truth. */
export interface AddonConfig {
  readonly id: string;
  readonly name: string;
  readonly server: string;
  readonly plan: string;
  readonly database: string;
  readonly user: string;
  readonly password: Secret;
  readonly applications: readonly string[];
  /** Its own; that of the fleet where absent. */
  readonly maintenance?: MaintenanceWindow | undefined;
}

/** How an application is restarted: a command without a shell, or a signed web request. */
export type RestartConfig =
  | { readonly kind: "command"; readonly command: readonly string[] }
  | { readonly kind: "webhook"; readonly url: Secret; readonly secret: Secret | null };

/** An application that reads add-ons' variables from its own env file. */
export interface ApplicationConfig {
  readonly id: string;
  readonly name: string;
  /** Absolute path. */
  readonly envFile: string;
  /** Folder that the restart command runs in. */
  readonly folder: string;
  /** Null when a person restarts it. */
  readonly restart: RestartConfig | null;
  /** How long it may take to connect after its restart. */
  readonly connectTimeoutMs: number;
}

/** A fleet of servers that Godwit administers itself. */
export interface SelfHostedConfig {
  readonly kind: "self-hosted";
  readonly name: string;
  /** How long an old database is kept. */
  readonly retentionMs: number;
  /** How long a database may be read-only before everything returns to the old one. */
  readonly fenceLimitMs: number;
  /** How long a switch of a live migration may take from fence to pivot before it is taken back. */
  readonly switchLimitMs: number;
  /** Changes that an old server may keep for a new one before a replication is given up. */
  readonly replicationLimitBytes: number;
  /** When its add-ons may be touched each week; null where nobody has said. */
  readonly maintenance?: MaintenanceWindow | null;
  readonly plans: readonly Plan[];
  readonly servers: readonly ServerConfig[];
  readonly addons: readonly AddonConfig[];
  readonly applications: readonly ApplicationConfig[];
}

const planSchema = record({
  id: id("pg-s"),
  engine: text("postgresql"),
  name: text("S"),
  vcpus: amount(2),
  memory: size(),
  disk: size(),
  connections: count(75),
  price: price(),
  shared: z.boolean({ error: "is not true or false; write true or false" }).default(false),
});

const serverSchema = record({
  id: id("pg15"),
  engine: text("postgresql"),
  zone: id("par"),
  url: secretUrl(undefined, "postgres://admin:password@host:5432/postgres"),
  plans: list(id("pg-s")),
});

const addonSchema = record({
  id: id("addon_orders"),
  name: text("orders"),
  server: id("pg15"),
  plan: id("pg-s"),
  database: text("orders"),
  user: text("orders"),
  password: secret("write it like ${ORDERS_PASSWORD}, in quotes"),
  applications: list(id("shop")),
  maintenance: maintenanceSchema.optional(),
});

const restartSchema = record({
  command: z
    .array(text("node"), { error: "is not a list; write it like [node, restart.mjs]" })
    .min(1, { error: "is empty; write it like [node, restart.mjs]" })
    .optional(),
  webhook: secretUrl(["http:", "https:"], "https://host/restart").optional(),
  secret: secret("write it like ${WEBHOOK_SECRET}, in quotes").optional(),
}).transform(({ command, webhook, secret = null }, context): RestartConfig => {
  if (command !== undefined && webhook === undefined) return { kind: "command", command };
  if (webhook !== undefined && command === undefined) return { kind: "webhook", url: webhook, secret };
  const message = "has to hold either command or webhook; write it like { command: [node, restart.mjs] }";
  context.issues.push({ code: "custom", input: command, message });
  return z.NEVER;
});

const applicationSchema = record({
  id: id("shop"),
  name: text("Shop"),
  env: record({ file: text("./shop.env") }),
  restart: restartSchema.optional(),
  connectTimeout: duration("60s").prefault("60s"),
});

const shape = {
  kind: z.literal("self-hosted"),
  name: id("fleet"),
  currency: z
    .string({ error: "is missing; write it like EUR" })
    .regex(/^[A-Z]{3}$/, { error: "is not a currency; write it like EUR" }),
  retention: duration("72h").prefault("72h"),
  fenceLimit: duration("4h").prefault("4h"),
  switchLimit: duration("60s").prefault("60s"),
  replicationLimit: size().prefault("16GiB"),
  maintenance: maintenanceSchema.optional(),
  plans: list(planSchema),
  servers: list(serverSchema),
  addons: list(addonSchema),
  applications: list(applicationSchema),
};

const configRecord = record(shape);
type Checked = z.output<typeof configRecord>;

/** The schema of a `self-hosted` entry. */
export function configSchema(context: {
  readonly folder: string;
  readonly engines: Readonly<Record<string, EngineCapabilities>> | undefined;
}) {
  return configRecord
    .superRefine((value, refine) => checkReferences(value, refine, context.engines), { when: () => true })
    .transform((value) => toConfig(value, context.folder));
}

function toConfig(value: Checked, folder: string): SelfHostedConfig {
  return {
    kind: value.kind,
    name: value.name,
    retentionMs: value.retention,
    fenceLimitMs: value.fenceLimit,
    switchLimitMs: value.switchLimit,
    replicationLimitBytes: value.replicationLimit,
    maintenance: value.maintenance ?? null,
    plans: value.plans.map((plan) => toPlan(plan, value.currency)),
    servers: value.servers,
    addons: value.addons,
    applications: value.applications.map((application) => toApplication(application, folder)),
  };
}

function toPlan(plan: Checked["plans"][number], currency: string): Plan {
  const { memory, disk, price, ...rest } = plan;
  return { ...rest, memoryBytes: memory, diskBytes: disk, monthlyPrice: money(price, currency) };
}

function toApplication(application: Checked["applications"][number], folder: string): ApplicationConfig {
  const { env, restart = null, connectTimeout, ...rest } = application;
  return { ...rest, envFile: resolve(folder, env.file), folder, restart, connectTimeoutMs: connectTimeout };
}
