import { z } from "zod";

/** Which part a database plays in the demo; the page says it in words beside a sign. */
export type DatabaseRole = "in use" | "new" | "old, closed";

/** One database of the demo, as its server reports it. */
export interface DemoDatabase {
  /** As in godwit.yaml, such as `pg15`. */
  readonly server: string;
  /** With the engine's name, such as `PostgreSQL 15.18`. */
  readonly version: string;
  readonly zone: string;
  readonly database: string;
  /** Null while nobody could count them. */
  readonly rows: number | null;
  readonly sizeBytes: number | null;
  readonly role: DatabaseRole;
}

/** The sample application that keeps writing while its database is migrated. */
export interface DemoShop {
  readonly writesPerSecond: number;
  /** Since the demo started. */
  readonly accepted: number;
  readonly refused: number;
  /** Where it writes, such as `orders on pg15`; null while it has no connection. */
  readonly connectedTo: string | null;
  /** Accepted writes in each of the last 60 seconds, oldest first. */
  readonly history: readonly number[];
  /** Refused writes in the same seconds as `history`. */
  readonly refusedHistory: readonly number[];
  /** How long writes were refused the last time; null when they never were. */
  readonly lastRefusedWindowMs: number | null;
}

/** A step that the demo can make fail. */
export interface FailableStep {
  readonly name: string;
  readonly title: string;
}

/** A database on the stand-in of a hosting platform, as that sees it. */
export interface DemoAddon {
  readonly name: string;
  /** With the engine's name, such as `PostgreSQL 15`. */
  readonly version: string;
  readonly plan: string;
  readonly zone: string;
  /** What the platform does with it, in words. */
  readonly doing: string;
}

/** The stand-in of a hosting platform, which moves no data. */
export interface DemoPlatform {
  readonly name: string;
  readonly addons: readonly DemoAddon[];
  /** What can happen to the next migration there. */
  readonly scenarios: readonly { readonly name: string; readonly title: string }[];
  /** The chosen one; null when the next migration goes well. */
  readonly scenario: string | null;
}

/** What really happens beside the chat. */
export interface DemoState {
  readonly databases: readonly DemoDatabase[];
  readonly shop: DemoShop | null;
  readonly failableSteps: readonly FailableStep[];
  /** The name of the step that fails when it is next reached; null when every step works. */
  readonly failAt: string | null;
  /** Null where the demo has none. */
  readonly platform: DemoPlatform | null;
  /** Whole sentences, newest last. */
  readonly notes: readonly string[];
}

const failAtAction = z.strictObject({ type: z.literal("fail-at"), step: z.string().max(100).nullable() });

const scenarioAction = z.strictObject({
  type: z.literal("scenario"),
  name: z.string().max(100).nullable(),
});

/** What a person can do to the demo itself. */
export const demoAction = z.discriminatedUnion("type", [failAtAction, scenarioAction]);
export type DemoAction = Readonly<z.infer<typeof demoAction>>;
