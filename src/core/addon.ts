import type { Plan } from "./plan.ts";

/** An application that reads an add-on's environment variables. */
export interface LinkedApplication {
  readonly id: string;
  readonly name: string;
}

/** What a list of add-ons shows. */
export interface AddonSummary {
  readonly id: string;
  readonly name: string;
  readonly engine: string;
  /** The engine's name as people write it, such as `PostgreSQL`. */
  readonly engineName: string;
  /** The version people choose by: the major for PostgreSQL, such as `15`; shown with `namedVersion`. */
  readonly version: string;
  readonly planName: string;
  readonly zone: string;
}

/** A managed database as a product, as it is now. */
export interface Addon {
  readonly id: string;
  readonly name: string;
  readonly providerName: string;
  readonly engine: string;
  readonly engineName: string;
  /** The version people choose by, such as `15`. */
  readonly version: string;
  /** The exact version that the server runs, such as `15.18`. */
  readonly fullVersion: string;
  readonly plan: Plan;
  readonly zone: string;
  /** What the database takes of its plan's disk or memory; 0 where the provider does not tell. */
  readonly usedBytes: number;
  readonly linkedApplications: readonly LinkedApplication[];
}
