import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { stringify } from "yaml";
import {
  type Addon,
  type Application,
  describeProvider,
  type LocalCleverCloud,
  startLocalCleverCloud,
} from "../../../playground/clever-cloud/index.ts";
import { makeGuardedFolder } from "../../../playground/fleet/make-guarded-folder.ts";
import { untilState } from "../ask-for-migration.ts";
import type { ChatThread, Platform } from "../platform/chat-driver.ts";
import { type Backend, type Scene, withScene } from "../scene.ts";

/** The local Clever Cloud with a database and an application on it, and a local chat platform, ready for Godwit. */
export interface CleverStage extends Scene {
  readonly clever: LocalCleverCloud;
  /** PostgreSQL 15, called orders. */
  readonly addon: Addon;
  /** Linked to it, called shop. */
  readonly shop: Application;
}

export interface CleverStageOptions {
  readonly platform: Platform;
  readonly backend: Backend;
  /** `par` unless told otherwise. */
  readonly zone?: string;
  /** After how long support is asked to look. */
  readonly deadline?: string;
  /** What the platform is asked in vain and on purpose, such as a cancel that comes too late. */
  readonly refused?: readonly string[];
}

/** As fast as the local platform moves; a person sees each phase all the same. */
const POLL = { first: "50ms", later: "50ms", slow: "50ms" };
/** Longer than workers and chats need to notice. */
const PACE = { stepMs: 60, deploymentMs: 200 };

/** Sets the stage for a journey at Clever Cloud. At the end nobody was told twice, and no server was offended. */
export async function withCleverStage(
  options: CleverStageOptions,
  body: (stage: CleverStage) => Promise<void>,
): Promise<void> {
  const { zone = "par", deadline } = options;
  const folder = await makeGuardedFolder("clever");
  const clever = await startLocalCleverCloud({ minPollMs: 0, pace: PACE });
  const addon = clever.seedAddon({ name: "orders", plan: "xs_sml", version: "15", zone });
  const shop = clever.seedApplication({ name: "shop", linkedTo: [addon] });
  const settings = { poll: POLL, deployWithin: "3s", ...(deadline !== undefined && { deadline }) };
  try {
    await withScene(
      { ...options, folder: folder.path, prepare: () => writeConfig(folder.path, clever, settings) },
      async (scene) => {
        await body({ ...scene, clever, addon, shop });
        const refused = clever.violations.map(({ error }) => error);
        expect(refused, "what Clever Cloud would have refused").toEqual(options.refused ?? []);
      },
    );
  } finally {
    await clever.close();
    await folder.remove();
  }
}

async function writeConfig(
  folder: string,
  clever: LocalCleverCloud,
  settings: object,
): Promise<Record<string, string>> {
  const { entry, environment } = describeProvider(clever, { ...settings });
  const support = { slack: { usergroup: "S0SUPPORT" }, discord: { role: "100000000000000001" } };
  await writeFile(join(folder, "godwit.yaml"), stringify({ support, providers: [entry] }));
  return environment;
}

/** Ends well: the thread says so once, and the platform was asked for `orders` migrations in all. */
export async function expectMigrated(
  stage: CleverStage,
  thread: ChatThread,
  { said, orders }: { readonly said: RegExp; readonly orders: number },
): Promise<void> {
  await thread.waitFor(said, { timeoutMs: 60_000 });
  await untilState(stage, "succeeded");
  expect(ordersSent(stage)).toBe(orders);
  expect(countOf(thread, "orders is migrated")).toBe(1);
}

/** How many messages of a thread say this. */
export function countOf(thread: ChatThread, words: string): number {
  return thread.messages().filter((message) => message.text().includes(words)).length;
}

/** Orders that reached the platform. */
export function ordersSent({ clever }: CleverStage): number {
  return clever.callsTo("startMigration").length;
}
