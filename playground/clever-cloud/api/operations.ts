import type { Role } from "../auth/tokens.ts";
import {
  getAddon,
  getAddonDetails,
  getAddonEnv,
  listAddonInstances,
  listAddons,
  listBackups,
  listLinkedApplications,
} from "./addons.ts";
import {
  getApplication,
  getApplicationAddonsEnv,
  getApplicationDependenciesEnv,
  getApplicationEnv,
  getDeployment,
  listDeployments,
  redeploy,
} from "./applications.ts";
import { getPriceSystem, getPublicPriceSystem } from "./billing.ts";
import { abortMigration, getMigration, listMigrations, startMigration } from "./migrations.ts";
import type { Operation } from "./operation.ts";
import { preorderMigration } from "./preorder.ts";
import { getProvider, getProviderVersions, listProviders, listZones } from "./products.ts";
import { getSummary } from "./summary.ts";

const owner = "/v2/organisations/:owner";
const addon = `${owner}/addons/:addon`;
const app = `${owner}/applications/:app`;
const migrations = `${addon}/migrations`;

/** guess: who may migrate; no source says it. */
const managers: readonly Role[] = ["ADMIN", "MANAGER"];

/** Every request that is understood ("clever-client.js, cc-api/commands"). `preorders` stands before `:migration`. */
const operations = {
  getSummary: { method: "GET", path: "/v2/summary", answer: getSummary },
  listAddons: { method: "GET", path: `${owner}/addons`, answer: listAddons },
  getAddon: { method: "GET", path: addon, answer: getAddon },
  getAddonEnv: { method: "GET", path: `${addon}/env`, answer: getAddonEnv },
  listLinkedApplications: { method: "GET", path: `${addon}/applications`, answer: listLinkedApplications },
  listAddonInstances: { method: "GET", path: `${addon}/instances`, answer: listAddonInstances },
  listMigrations: { method: "GET", path: migrations, answer: listMigrations },
  startMigration: { method: "POST", path: migrations, roles: managers, answer: startMigration },
  preorderMigration: {
    method: "GET",
    path: `${migrations}/preorders`,
    query: ["planId"],
    answer: preorderMigration,
  },
  getMigration: { method: "GET", path: `${migrations}/:migration`, answer: getMigration },
  abortMigration: {
    method: "DELETE",
    path: `${migrations}/:migration`,
    roles: managers,
    answer: abortMigration,
  },
  getApplication: { method: "GET", path: app, answer: getApplication },
  getApplicationEnv: { method: "GET", path: `${app}/env`, answer: getApplicationEnv },
  getApplicationAddonsEnv: { method: "GET", path: `${app}/addons/env`, answer: getApplicationAddonsEnv },
  getApplicationDependenciesEnv: {
    method: "GET",
    path: `${app}/dependencies/env`,
    answer: getApplicationDependenciesEnv,
  },
  redeploy: {
    method: "POST",
    path: `${app}/instances`,
    query: ["commit", "useCache"],
    answer: redeploy,
  },
  listDeployments: {
    method: "GET",
    path: `${app}/deployments`,
    query: ["limit", "offset", "action"],
    answer: listDeployments,
  },
  getDeployment: {
    method: "GET",
    path: "/v4/orchestration/organisations/:owner/applications/:app/deployments/:deployment",
    answer: getDeployment,
  },
  listBackups: { method: "GET", path: "/v2/backups/:owner/:addon", answer: listBackups },
  listProviders: {
    method: "GET",
    path: "/v2/products/addonproviders",
    query: ["orgaId"],
    isPublic: true,
    answer: listProviders,
  },
  getProvider: {
    method: "GET",
    path: "/v2/products/addonproviders/:provider",
    query: ["orgaId"],
    isPublic: true,
    answer: getProvider,
  },
  getProviderVersions: {
    method: "GET",
    path: "/v4/addon-providers/:provider",
    isPublic: true,
    answer: getProviderVersions,
  },
  getAddonDetails: {
    method: "GET",
    path: "/v4/addon-providers/:provider/addons/:addon",
    answer: getAddonDetails,
  },
  getPriceSystem: {
    method: "GET",
    path: "/v4/billing/organisations/:owner/price-system",
    query: ["zone_id"],
    roles: [...managers, "DEVELOPER", "ACCOUNTING"],
    answer: getPriceSystem,
  },
  getPublicPriceSystem: {
    method: "GET",
    path: "/v4/billing/price-system",
    query: ["zone_id", "currency"],
    isPublic: true,
    answer: getPublicPriceSystem,
  },
  listZones: { method: "GET", path: "/v4/products/zones", isPublic: true, answer: listZones },
} as const satisfies Record<string, Operation>;

export type OperationName = keyof typeof operations;

export interface Found {
  readonly name: OperationName;
  readonly operation: Operation;
  readonly params: Readonly<Record<string, string>>;
}

/** The operation of a request, first match first. @param path without its query */
export function findOperation(method: string, path: string): Found | undefined {
  for (const [name, operation] of Object.entries(operations) as [OperationName, Operation][]) {
    const params = operation.method === method ? matchPath(operation.path, path) : undefined;
    if (params) return { name, operation, params };
  }
  return undefined;
}

function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const [wanted, given] = [pattern.split("/"), path.split("/")];
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const text = given[index] ?? "";
    if (part.startsWith(":") && text !== "") params[part.slice(1)] = decodeURIComponent(text);
    else if (part !== text) return undefined;
  }
  return params;
}
