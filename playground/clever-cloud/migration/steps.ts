import type { ProviderId } from "../catalog/catalog.ts";
import type { Placement } from "../model.ts";

const boot = [
  "ASK_MIGRATION_INSTANCE_BOOT",
  "QUEUE_MIGRATION_INSTANCE_BOOT",
  "DEPLOY_MIGRATION_INSTANCE",
  "RETRIEVE_MIGRATION_INSTANCE",
];
const switchOver = [
  "UPDATE_REVERSE_PROXIES",
  "UPDATE_DNS",
  "UPDATE_MONITORING",
  "UPDATE_ADDON",
  "ENABLE_EDIT_RIGHT",
];

/**
 * The steps of a migration in order.
 *
 * guess: only the beginning of one Elasticsearch run is known ("terraform-provider-clevercloud, elasticsearch/crud.go",
 * 2025-10): RETRIEVE_ADDON, CHECK_NO_MIGRATION_ALREADY_RUNNING_FOR_ADDON and the three boot steps, which stand here in
 * that order. The rest follows from the names and from whether source and target are shared or dedicated.
 */
export function stepsOf(provider: ProviderId, source: Placement, target: Placement): string[] {
  const isFromShared = source.plan.isShared;
  return [
    ...checks(provider, isFromShared),
    ...(target.plan.isShared ? onCluster : boot),
    "REMOVE_EDIT_RIGHT",
    ...(provider === "postgresql-addon" ? ["MANAGE_ACTIVE_EXTENSIONS"] : []),
    "PREPARE_MIGRATION",
    "DUMP_AND_RESTORE",
    ...(target.plan.isShared ? ["CHANGE_ADDON_QUOTA"] : []),
    ...switchOver,
    ...(isFromShared ? ["REMOVE_ADDON_FROM_SOURCE_CLUSTER", "UNLOCK_PORT"] : ["STOP_SOURCE_INSTANCE"]),
  ];
}

const onCluster = [
  "RETRIEVE_TARGET_CLUSTER",
  "RETRIEVE_NEXT_AVAILABLE_PORT",
  "LOCK_PORT",
  "CREATE_ADDON_ON_TARGET_CLUSTER",
];

function checks(provider: ProviderId, isFromShared: boolean): string[] {
  const first = ["RETRIEVE_ADDON", "CHECK_NO_MIGRATION_ALREADY_RUNNING_FOR_ADDON"];
  if (provider === "es-addon") return first;
  if (isFromShared) return [...first, "RETRIEVE_SOURCE_CLUSTER"];
  return [...first, "RETRIEVE_ADDON_DEPLOYMENT", "RETRIEVE_SOURCE_INSTANCE", "RETRIEVE_LOGSCOLLECTOR"];
}

/**
 * What the platform undoes after these steps began, latest first.
 *
 * guess: "new instances are deleted and the originals stay in service" ("shared/db-migration.md"); the step names are
 * those that fit.
 */
export function rollbackOf(begun: readonly string[]): string[] {
  const undone: readonly (readonly [string, string])[] = [
    ["REMOVE_EDIT_RIGHT", "ENABLE_EDIT_RIGHT"],
    ["ASK_MIGRATION_INSTANCE_BOOT", "STOP_MIGRATION_INSTANCE"],
    ["CREATE_ADDON_ON_TARGET_CLUSTER", "REMOVE_ADDON_FROM_TARGET_CLUSTER"],
    ["LOCK_PORT", "UNLOCK_PORT"],
  ];
  return undone.filter(([done]) => begun.includes(done)).map(([, undo]) => undo);
}

/** guess: how often the length of one step a step takes: booting is about a minute, copying is "the long part". */
export function weightOf(step: string): number {
  if (step === "DEPLOY_MIGRATION_INSTANCE") return 3;
  return step === "DUMP_AND_RESTORE" ? 5 : 1;
}
