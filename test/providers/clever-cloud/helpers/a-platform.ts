import { randomBytes } from "node:crypto";
import { onTestFinished } from "vitest";
import {
  type LocalCleverCloud,
  type LocalCleverCloudOptions,
  type Addon as PlatformAddon,
  startLocalCleverCloud,
} from "../../../../playground/clever-cloud/index.ts";
import { systemClock } from "../../../../src/clock.ts";
import type { FleetStore } from "../../../../src/core/ports/fleet.ts";
import type { Log } from "../../../../src/core/ports/log.ts";
import type { Provider } from "../../../../src/core/ports/provider.ts";
import { Secret } from "../../../../src/core/secret.ts";
import type { CleverCloudConfig } from "../../../../src/providers/clever-cloud/config.ts";
import { createCleverCloudProvider } from "../../../../src/providers/clever-cloud/create-clever-cloud-provider.ts";

export const NEVER = new AbortController().signal;

/** The local Clever Cloud with a provider that talks to its bridge. */
export interface TestPlatform {
  readonly clever: LocalCleverCloud;
  readonly config: CleverCloudConfig;
  readonly provider: Provider;
  /** Everything that was logged. */
  readonly lines: string[];
}

/** A log that keeps what was written. */
export function aLog(lines: string[]): Log {
  const write = (fields: object, event: string) => void lines.push(`${event} ${printed(fields)}`);
  const log: Log = { debug: write, info: write, warn: write, error: write, child: () => log };
  return log;
}

/** Errors as pino writes them: with message, stack and causes. */
function printed(fields: object): string {
  return JSON.stringify(fields, (_, value: unknown) =>
    value instanceof Error ? `${value.stack} ${printed({ cause: value.cause })}` : value,
  );
}

/** Polls as fast as the local platform moves. */
export function aConfig(
  clever: LocalCleverCloud,
  change: Partial<CleverCloudConfig> = {},
): CleverCloudConfig {
  return {
    kind: "clever-cloud",
    name: "clever-cloud",
    owner: clever.owner,
    credentials: { kind: "token", token: new Secret(clever.token) },
    expires: null,
    api: clever.bridgeUrl,
    elasticsearch: false,
    poll: { firstMs: 15, laterMs: 15, slowMs: 15 },
    deployWithinMs: 1_500,
    deadlineMs: 60_000,
    refusedForMs: 100,
    ...change,
  };
}

interface Given {
  readonly options?: LocalCleverCloudOptions;
  readonly config?: (clever: LocalCleverCloud) => Partial<CleverCloudConfig>;
  readonly store?: Pick<FleetStore, "stepOutput">;
}

/** Starts a local Clever Cloud that is gone after the test. */
export async function aPlatform({
  options,
  config: change,
  store = noStore,
}: Given = {}): Promise<TestPlatform> {
  const clever = await startLocalCleverCloud({ minPollMs: 0, ...options });
  onTestFinished(() => clever.close());
  const config = aConfig(clever, change?.(clever));
  const lines: string[] = [];
  const common = { fleet: store, log: aLog(lines), clock: systemClock, randomBytes };
  return { clever, config, lines, provider: createCleverCloudProvider(config, common) };
}

const noStore: Pick<FleetStore, "stepOutput"> = { stepOutput: async () => undefined };

/** The add-on that most tests move: PostgreSQL 15 on the smallest dedicated plan but one. */
export function orders(clever: LocalCleverCloud): PlatformAddon {
  return clever.seedAddon({ name: "orders", plan: "xs_sml", version: "15" });
}

/** The add-on as the provider reads it. */
export async function readAddon(provider: Provider, id: string) {
  const addon = await provider.getAddon(id, NEVER);
  if (addon === undefined) throw new Error(`the provider does not know ${id}`);
  return addon;
}

/** ID of a plan by its slug. */
export function planId({ provider }: PlatformAddon, slug: string): string {
  const plan = provider.plans.find((known) => known.slug === slug);
  if (plan === undefined) throw new Error(`${provider.id} has no plan ${slug}`);
  return plan.id;
}
