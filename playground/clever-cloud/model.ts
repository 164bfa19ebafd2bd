import type { CatalogProvider, Plan } from "./catalog/catalog.ts";
import type { Plot } from "./migration/plot.ts";

export type Json = Record<string, unknown>;

/** How applications reach a database. */
export interface Access {
  readonly realId: string;
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
}

export interface ReadOnlyUser {
  readonly user: string;
  readonly password: string;
}

export interface Addon {
  /** `addon_<uuid>`; stays for life. */
  readonly id: string;
  readonly ownerId: string;
  readonly provider: CatalogProvider;
  readonly createdAtMs: number;
  readonly isEncrypted: boolean;
  /** Active extensions of PostgreSQL; the API does not tell them. */
  readonly extensions: readonly string[];
  name: string;
  plan: Plan;
  zone: string;
  /** As the API wants it: "17", "8.4". */
  version: string;
  access: Access;
  readOnlyUsers: readonly ReadOnlyUser[];
  /** Host and port that go around the reverse proxies; lost by a migration. */
  direct: { readonly host: string; readonly port: number } | undefined;
  /** True from REMOVE_EDIT_RIGHT to ENABLE_EDIT_RIGHT. */
  isReadOnly: boolean;
}

export interface EnvVar {
  readonly name: string;
  readonly value: string;
}

export interface Application {
  /** `app_<uuid>` */
  readonly id: string;
  readonly ownerId: string;
  readonly name: string;
  readonly zone: string;
  readonly createdAtMs: number;
  /** What was pushed last; a restart deploys it again. */
  readonly commit: string;
  state: "SHOULD_BE_UP" | "SHOULD_BE_DOWN";
  /** Its own variables; those of add-ons are not among them. */
  env: readonly EnvVar[];
  readonly addonIds: Set<string>;
}

/** "clever-client.js, deployment-transform.ts": states of /v2; /v4 has its own words for them. */
export type DeploymentState = "QUEUED" | "WIP" | "TASK_RUNNING" | "OK" | "FAIL" | "CANCELLED";

export interface Deployment {
  /** `deployment_<uuid>` */
  readonly id: string;
  /** Counts from 1 for each application. */
  readonly index: number;
  readonly applicationId: string;
  readonly startedAtMs: number;
  readonly cause: string;
  readonly commit: string;
  state: DeploymentState;
  readonly history: { readonly state: DeploymentState; readonly atMs: number }[];
}

export type MigrationStatus = "RUNNING" | "OK" | "FAILED" | "ABORTED" | "RECOVERING" | "RECOVERED";

export interface MigrationStep {
  readonly value: string;
  status: MigrationStatus;
  readonly startedAtMs: number;
  endedAtMs?: number;
  message?: string;
}

/** What an add-on is before a migration, and what it becomes. */
export interface Placement {
  readonly plan: Plan;
  readonly zone: string;
  readonly version: string;
}

export interface Migration {
  /** `migration_<uuid>` */
  readonly id: string;
  readonly addonId: string;
  readonly requestedAtMs: number;
  readonly source: Placement;
  readonly target: Placement;
  readonly plot: Plot;
  status: MigrationStatus;
  readonly steps: MigrationStep[];
}

/** A request that the real API would refuse, or that breaks its documented contract. */
export interface Violation {
  readonly where: string;
  readonly error: ViolationKind;
  readonly message: string;
}

export type ViolationKind =
  | "wrong-host"
  | "bad-credentials"
  | "unknown-route"
  | "bad-request"
  | "unknown-field"
  | "missing-field"
  | "wrong-id"
  | "refused-target"
  | "second-migration"
  | "late-cancel"
  | "fast-polling"
  | "double-deployment"
  | "internal";

export interface ApiCall {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly host: "api" | "bridge";
  /** Name of the operation; the path when there is none. */
  readonly operation: string;
  readonly body: unknown;
  /** HTTP status; 0 when the connection was left without an answer. */
  readonly status: number;
  readonly atMs: number;
}
