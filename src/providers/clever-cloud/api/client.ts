import { z } from "zod";
import type { CleverCloudConfig } from "../config.ts";
import { createHttp, type Http, type HttpDependencies } from "./http.ts";
import { ApiProblem } from "./problem.ts";
import {
  type ApiAddon,
  type ApiApplication,
  type ApiDeployment,
  type ApiDetails,
  type ApiPrices,
  type ApiProduct,
  type ApiVariable,
  type ApiVersions,
  type ApiZone,
  addonsSchema,
  applicationsSchema,
  deploymentsSchema,
  detailsSchema,
  migrationSchema,
  migrationsSchema,
  oneAddonSchema,
  type PlatformMigration,
  pricesSchema,
  productSchema,
  variablesSchema,
  versionsSchema,
  zonesSchema,
} from "./schemas.ts";

/** Where a migration is to move an add-on. */
export interface MigrationOrder {
  readonly planId: string;
  readonly zone: string;
  readonly version: string;
}

/**
 * Clever Cloud's interface as far as Godwit uses it, for one organisation. Reads are repeated when they fail for a
 * moment; what changes something is sent once. Throws `ApiProblem`.
 */
export interface CleverCloudApi {
  addons(signal: AbortSignal): Promise<readonly ApiAddon[]>;
  /** Undefined when the organisation has no such add-on. */
  addon(addonId: string, signal: AbortSignal): Promise<ApiAddon | undefined>;
  /** Undefined where the kind of database has none. */
  details(addon: Pick<ApiAddon, "id" | "provider">, signal: AbortSignal): Promise<ApiDetails | undefined>;
  product(providerId: string, signal: AbortSignal): Promise<ApiProduct>;
  /** Undefined where the kind of database has none. */
  versions(providerId: string, signal: AbortSignal): Promise<ApiVersions | undefined>;
  zones(signal: AbortSignal): Promise<readonly ApiZone[]>;
  /** The organisation's own prices; the public list where Godwit may not read those. */
  prices(zone: string, signal: AbortSignal): Promise<ApiPrices>;
  /** The variables that linked applications get. */
  variables(addonId: string, signal: AbortSignal): Promise<readonly ApiVariable[]>;
  linkedApplications(addonId: string, signal: AbortSignal): Promise<readonly ApiApplication[]>;
  /** The variables that people gave an application themselves. */
  ownVariables(applicationId: string, signal: AbortSignal): Promise<readonly ApiVariable[]>;
  /** Newest first. */
  deployments(applicationId: string, signal: AbortSignal): Promise<readonly ApiDeployment[]>;
  /** Not idempotent, as `startMigration`. */
  redeploy(applicationId: string, signal: AbortSignal): Promise<void>;
  /** Newest first; empty where the add-on was never migrated. */
  migrations(addonId: string, signal: AbortSignal): Promise<readonly PlatformMigration[]>;
  migration(addonId: string, migrationId: string, signal: AbortSignal): Promise<PlatformMigration>;
  /** Not idempotent: after a lost answer look at `migrations`, never call it again. */
  startMigration(addonId: string, order: MigrationOrder, signal: AbortSignal): Promise<PlatformMigration>;
  abortMigration(addonId: string, migrationId: string, signal: AbortSignal): Promise<void>;
}

const DEPLOYMENTS = 10;

/** Makes the client of an organisation. Connects to nothing yet. */
export function createApi(config: CleverCloudConfig, dependencies: HttpDependencies): CleverCloudApi {
  const http = createHttp(config, dependencies);
  return {
    ...reads(config, http),
    ...applicationReads(config, http),
    redeploy: (id, signal) => redeploy(config, http, { id, signal }),
    ...migrationCalls(config, http),
  };
}

type Reads = Pick<
  CleverCloudApi,
  "addons" | "addon" | "details" | "product" | "versions" | "zones" | "prices"
>;

function reads({ owner }: CleverCloudConfig, http: Http): Reads {
  const v2 = organisation(owner);
  return {
    addons: (signal) =>
      http({ path: `${v2}/addons`, what: `the add-ons of ${owner}`, schema: addonsSchema, signal }),
    addon: (id, signal) =>
      orNothing(
        http({ path: `${v2}/addons/${enc(id)}`, what: `the add-on ${id}`, schema: oneAddonSchema, signal }),
      ),
    details: ({ id, provider }, signal) =>
      orNothing(
        http({
          path: `/v4/addon-providers/${enc(provider.id)}/addons/${enc(id)}`,
          what: `the add-on ${id}`,
          schema: detailsSchema,
          signal,
        }),
      ),
    product: (id, signal) =>
      http({
        path: `/v2/products/addonproviders/${enc(id)}?orgaId=${enc(owner)}`,
        what: `the plans of ${id}`,
        schema: productSchema,
        signal,
      }),
    versions: (id, signal) =>
      orNothing(
        http({
          path: `/v4/addon-providers/${enc(id)}`,
          what: `the versions of ${id}`,
          schema: versionsSchema,
          signal,
        }),
      ),
    zones: (signal) => http({ path: "/v4/products/zones", what: "the zones", schema: zonesSchema, signal }),
    prices: (zone, signal) => readPrices(owner, http, { zone, signal }),
  };
}

/** Whether reading an organisation's prices takes a right of its own is not documented. */
async function readPrices(
  owner: string,
  http: Http,
  { zone, signal }: { readonly zone: string; readonly signal: AbortSignal },
): Promise<ApiPrices> {
  const call = { what: `the prices in zone ${zone}`, schema: pricesSchema, signal };
  const query = `price-system?zone_id=${enc(zone)}`;
  try {
    const own = await http({ ...call, path: `/v4/billing/organisations/${enc(owner)}/${query}` });
    return { ...own, isList: false };
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.kind !== "forbidden") throw error;
    const list = await http({ ...call, path: `/v4/billing/${query}&currency=EUR` });
    return { ...list, isList: true };
  }
}

type ApplicationReads = Pick<
  CleverCloudApi,
  "variables" | "linkedApplications" | "ownVariables" | "deployments"
>;

function applicationReads({ owner }: CleverCloudConfig, http: Http): ApplicationReads {
  const v2 = organisation(owner);
  return {
    variables: (id, signal) =>
      http({
        path: `${v2}/addons/${enc(id)}/env`,
        what: `the variables of the add-on ${id}`,
        schema: variablesSchema,
        signal,
      }),
    linkedApplications: (id, signal) =>
      http({
        path: `${v2}/addons/${enc(id)}/applications`,
        what: `the applications linked to the add-on ${id}`,
        schema: applicationsSchema,
        signal,
      }),
    ownVariables: (id, signal) =>
      http({
        path: `${v2}/applications/${enc(id)}/env`,
        what: `the variables of the application ${id}`,
        schema: variablesSchema,
        signal,
      }),
    deployments: async (id, signal) => {
      const path = `${v2}/applications/${enc(id)}/deployments?limit=${DEPLOYMENTS}`;
      const what = `the deployments of the application ${id}`;
      const found = await http({ path, what, schema: deploymentsSchema, signal });
      return found.toSorted((left, right) => right.date.getTime() - left.date.getTime());
    },
  };
}

async function redeploy(
  { owner }: CleverCloudConfig,
  http: Http,
  { id, signal }: { readonly id: string; readonly signal: AbortSignal },
): Promise<void> {
  const path = `${organisation(owner)}/applications/${enc(id)}/instances`;
  const what = `a deployment of the application ${id}`;
  await http({ method: "POST", path, what, schema: z.unknown(), signal });
}

type MigrationCalls = Pick<CleverCloudApi, "migrations" | "migration" | "startMigration" | "abortMigration">;

function migrationCalls({ owner }: CleverCloudConfig, http: Http): MigrationCalls {
  const all = (addonId: string) => `${organisation(owner)}/addons/${enc(addonId)}/migrations`;
  return {
    async migrations(addonId, signal) {
      const what = `the migrations of the add-on ${addonId}`;
      const found = await orNothing(http({ path: all(addonId), what, schema: migrationsSchema, signal }));
      return (found ?? []).toSorted(
        (left, right) => right.requestDate.getTime() - left.requestDate.getTime(),
      );
    },
    migration: (addonId, id, signal) =>
      http({
        path: `${all(addonId)}/${enc(id)}`,
        what: `the migration ${id}`,
        schema: migrationSchema,
        signal,
      }),
    startMigration: (addonId, { planId, zone, version }, signal) =>
      http({
        method: "POST",
        path: all(addonId),
        what: `the migration of the add-on ${addonId}`,
        // The zone's name goes by the name "region" (clever-client.js, start-migration-command).
        body: { planId, region: zone, version },
        schema: migrationSchema,
        signal,
      }),
    async abortMigration(addonId, id, signal) {
      const what = `the end of the migration ${id}`;
      await http({ method: "DELETE", path: `${all(addonId)}/${enc(id)}`, what, schema: z.unknown(), signal });
    },
  };
}

function organisation(owner: string): string {
  return `/v2/organisations/${enc(owner)}`;
}

async function orNothing<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ApiProblem && error.kind === "not-found") return undefined;
    throw error;
  }
}

function enc(text: string): string {
  return encodeURIComponent(text);
}
