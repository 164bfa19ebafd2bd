import type { Addon, AddonSummary } from "../../core/addon.ts";
import type { ApiAddon, ApiDetails } from "./api/schemas.ts";
import { type Kind, kindOf } from "./kinds.ts";
import type { Platform } from "./platform.ts";
import { type PlanFacts, readPlan } from "./read-plan.ts";
import { remember } from "./remember.ts";

/** Shown where the platform tells no version; never asked for. */
export const UNKNOWN_VERSION = "unknown";
/** So many add-ons are asked for their version at once. */
const LANES = 8;

const VERSIONS_KEPT_MS = 20_000;

/** The version of an add-on in a list; one that cannot be read now keeps no list from being shown. */
export type VersionReader = (owned: OwnedAddon, signal: AbortSignal) => Promise<string>;

/** An add-on of a kind that Godwit migrates. */
export interface OwnedAddon {
  readonly given: ApiAddon;
  readonly kind: Kind;
}

/** An add-on with what belongs to it. */
export interface AddonFacts extends OwnedAddon {
  readonly addon: Addon;
  readonly details: ApiDetails | undefined;
  readonly plan: PlanFacts;
}

/** Lists the databases of the organisation that can be migrated, each with its version. */
export async function listAddons(
  platform: Platform,
  versionOf: VersionReader,
  signal: AbortSignal,
): Promise<readonly AddonSummary[]> {
  const owned = (await platform.api.addons(signal)).flatMap((given) => own(platform, given) ?? []);
  const versions: string[] = [];
  for (let start = 0; start < owned.length; start += LANES) {
    const lane = owned.slice(start, start + LANES);
    versions.push(...(await Promise.all(lane.map((addon) => versionOf(addon, signal)))));
  }
  return owned.map(({ given, kind }, index) => ({
    id: given.id,
    name: nameOf(given),
    engine: kind.engine,
    engineName: kind.engineName,
    version: versions[index] ?? UNKNOWN_VERSION,
    planName: given.plan.name,
    zone: given.region,
  }));
}

/** Reads versions for lists. They are asked for at every letter that a person types, so they are kept for a little. */
export function createVersionReader(platform: Platform): VersionReader {
  const { api, clock } = platform;
  const keyOf = ({ given }: OwnedAddon) => `${given.id} ${given.realId} ${given.plan.id} ${given.region}`;
  const read = remember({ clock, forMs: VERSIONS_KEPT_MS, keyOf }, async (owned: OwnedAddon, signal) =>
    versionOf(platform, owned.kind, { details: await api.details(owned.given, signal), signal }),
  );
  return async (owned, signal) => {
    try {
      return await read(owned, signal);
    } catch (error) {
      signal.throwIfAborted();
      platform.log.warn({ addonId: owned.given.id, err: error }, "version of an add-on not read");
      return UNKNOWN_VERSION;
    }
  };
}

/** Finds an add-on by either of its IDs; undefined when the organisation has none of this ID that can be migrated. */
export async function findAddon(
  { api, config }: Pick<Platform, "api" | "config">,
  id: string,
  signal: AbortSignal,
): Promise<OwnedAddon | undefined> {
  const given = id.startsWith("addon_")
    ? await api.addon(id, signal)
    : (await api.addons(signal)).find(({ realId }) => realId === id);
  return given && own({ config }, given);
}

/** Everything about an add-on that a form shows. */
export async function readAddon(
  platform: Platform,
  { given, kind }: OwnedAddon,
  signal: AbortSignal,
): Promise<AddonFacts> {
  const { api, catalogue, config } = platform;
  const [details, linked, prices] = await Promise.all([
    api.details(given, signal),
    api.linkedApplications(given.id, signal),
    catalogue.prices(given.region, signal),
  ]);
  const plan = readPlan(kind, given.plan, prices);
  const version = await versionOf(platform, kind, { details, signal });
  const addon: Addon = {
    id: given.id,
    name: nameOf(given),
    providerName: config.name,
    engine: kind.engine,
    engineName: kind.engineName,
    version,
    fullVersion: version,
    plan: plan.plan,
    zone: given.region,
    // The platform tells no size.
    usedBytes: 0,
    linkedApplications: linked.map(({ id, name }) => ({ id, name })),
  };
  return { given, kind, addon, details, plan };
}

/** Kinds without details, such as MongoDB, may still have only one version to run. */
async function versionOf(
  { catalogue }: Platform,
  kind: Kind,
  { details, signal }: { readonly details: ApiDetails | undefined; readonly signal: AbortSignal },
): Promise<string> {
  if (details?.version) return String(details.version);
  const known = Object.keys((await catalogue.versions(kind.providerId, signal))?.dedicated ?? {});
  return known.length === 1 && known[0] !== undefined ? known[0] : UNKNOWN_VERSION;
}

function own({ config }: Pick<Platform, "config">, given: ApiAddon): OwnedAddon | undefined {
  const kind = kindOf(given.provider.id, config);
  return kind && { given, kind };
}

function nameOf({ id, name }: ApiAddon): string {
  return name || id;
}
