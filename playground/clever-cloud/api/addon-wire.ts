import { type CatalogProvider, type Plan, uuidOf, zonesOf } from "../catalog/catalog.ts";
import { featuresOf } from "../catalog/features.ts";
import type { Addon, EnvVar } from "../model.ts";
import { isoWithZone } from "./times.ts";

/** An add-on as /v2 tells it ("clever-client.js, addon-transform.ts"). `creationDate` is milliseconds since 1970. */
export function addonWire(addon: Addon): unknown {
  return {
    id: addon.id,
    name: addon.name,
    realId: addon.access.realId,
    region: addon.zone,
    zoneId: uuidOf(`zone ${addon.zone}`),
    provider: providerSummaryWire(addon.provider),
    plan: planWire(addon.provider, addon.plan),
    creationDate: addon.createdAtMs,
    configKeys: envOf(addon).map(({ name }) => name),
  };
}

/** The provider inside an add-on. guess: without its plans. */
export function providerSummaryWire(provider: CatalogProvider): Record<string, unknown> {
  return {
    id: provider.id,
    name: provider.name,
    website: "https://www.clever-cloud.com",
    supportEmail: "support@clever-cloud.com",
    googlePlusName: "",
    twitterName: "",
    analyticsId: "",
    shortDesc: provider.name,
    longDesc: provider.name,
    logoUrl: "",
    status: "RELEASE",
    openInNewTab: false,
    canUpgrade: provider.canUpgrade,
    regions: provider.zones,
  };
}

/** `price` is the outdated one that the captured answer has ("addon-plans.js"); the price system says otherwise. */
export function planWire(provider: CatalogProvider, plan: Plan): unknown {
  return {
    id: plan.id,
    name: plan.name,
    slug: plan.slug,
    price: plan.planPrice ?? 0,
    price_id: plan.priceId,
    features: featuresOf(provider.id, plan),
    zones: zonesOf(provider, plan),
  };
}

/** What /v4 tells of the engine behind an add-on ("pkg/tmp/addon.go"). */
export function addonDetailsWire(addon: Addon): unknown {
  const { access } = addon;
  return {
    id: access.realId.slice(addon.provider.realIdPrefix.length),
    app_id: addon.id,
    owner_id: addon.ownerId,
    host: access.host,
    port: access.port,
    database: access.database,
    user: access.user,
    password: access.password,
    plan: addon.plan.slug,
    zone: addon.zone,
    status: "ACTIVE",
    version: addon.version,
    features: [{ name: "encryption", enabled: addon.isEncrypted }],
    read_only_users: addon.readOnlyUsers,
    creation_date: isoWithZone(addon.createdAtMs),
  };
}

/** The variables that an add-on gives to applications, by the names of its engine. */
export function envOf(addon: Addon): EnvVar[] {
  const variables = addon.provider.env.map((name) => ({ name, value: valueOf(addon, name) }));
  if (!addon.direct) return variables;
  const { host, port } = addon.direct;
  const direct = addon.provider.directEnv.map((name) => ({
    name,
    value: name.endsWith("_HOST") ? host : String(port),
  }));
  return [...variables, ...direct];
}

function valueOf(addon: Addon, name: string): string {
  const { host, port, database, user, password } = addon.access;
  const values: Readonly<Record<string, string>> = {
    HOST: host,
    PORT: String(port),
    DB: database,
    USER: user,
    ROLE: user,
    PASSWORD: password,
    TOKEN: password,
    VERSION: addon.version,
    URI: `${schemeOf(addon)}://${user}:${password}@${host}:${port}/${database}`,
    URL: `${schemeOf(addon)}://:${password}@${host}:${port}`,
  };
  return values[name.split("_").at(-1) ?? ""] ?? password;
}

function schemeOf(addon: Addon): string {
  return addon.provider.id === "es-addon" ? "https" : addon.provider.realIdPrefix.slice(0, -1);
}
