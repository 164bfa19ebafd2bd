import type { Plan, ProviderId } from "./catalog.ts";

/** "clever-components, src/stories/fixtures/addon-plans.js": what a plan says of itself. */
export interface Feature {
  readonly name: string;
  readonly type: string;
  readonly value: string;
  readonly computable_value: string | null;
  readonly name_code: string | null;
}

const gibibyte = 1024 ** 3;
const mebibyte = 1024 ** 2;

/** The features of a plan. A size that no source knows is left out, as for Redis `*_mono`. */
export function featuresOf(provider: ProviderId, plan: Plan): Feature[] {
  return [
    isDedicated(provider, plan),
    number("vCPUS", "cpu", plan.cpus),
    bytes("Memory", "memory", plan.memoryBytes),
    bytes("Max DB size", "disk-size", plan.diskBytes),
    bytes("Size", "max-db-size", plan.maxDatasetBytes),
    number("Max connection limit", "connection-limit", plan.maxConnections),
    number("Databases", "databases", plan.databases),
    number("NODES", "cluster-nodes", plan.nodes),
    plan.hasBackups === true ? backups : undefined,
    plan.isMigratable === true ? migrationTool : undefined,
  ].filter((feature) => feature !== undefined);
}

const backups: Feature = {
  name: "Backups",
  type: "OBJECT",
  value: "Daily - 7 Retained",
  computable_value: '{"frequency_seconds":86400,"retention_seconds":604800}',
  name_code: "backup",
};

const migrationTool: Feature = {
  name: "Migration Tool",
  type: "BOOLEAN",
  value: "Yes",
  computable_value: "true",
  name_code: "is-migratable",
};

/** MySQL says "true" for shared and "false" for dedicated; the others say it in words (the same fixture). */
function isDedicated(provider: ProviderId, plan: Plan): Feature {
  const word = plan.isShared ? "shared" : "dedicated";
  return {
    name: "Type",
    type: provider === "postgresql-addon" || provider === "mysql-addon" ? "BOOLEAN_SHARED" : "NUMBER",
    value: plan.isShared ? "Shared" : "Dedicated",
    computable_value: provider === "mysql-addon" ? String(plan.isShared) : word,
    name_code: "is-dedicated",
  };
}

function number(name: string, code: string, value: number | undefined): Feature | undefined {
  if (value === undefined) return undefined;
  return { name, type: "NUMBER", value: String(value), computable_value: String(value), name_code: code };
}

function bytes(name: string, code: string, value: number | undefined): Feature | undefined {
  if (value === undefined) return undefined;
  const shown = value < gibibyte ? `${value / mebibyte} MB` : `${value / gibibyte} GB`;
  return { name, type: "BYTES", value: shown, computable_value: String(value), name_code: code };
}
