import { type CatalogProvider, providers, uuidOf, type Zone, zones } from "../catalog/catalog.ts";
import { sharedZone } from "../migration/judge-request.ts";
import { refuse } from "../refusal.ts";
import { planWire, providerSummaryWire } from "./addon-wire.ts";
import type { Answer, Call } from "./operation.ts";

export function listProviders(): Answer {
  return { status: 200, body: providers.map(providerWire) };
}

export function getProvider({ params }: Call): Answer {
  return { status: 200, body: providerWire(find(params.provider)) };
}

/**
 * The versions of a provider ("clever-client.js, product-transform.ts"). guess: the newest is the default, shared
 * clusters are in zone par, and a provider without versions answers 404.
 */
export function getProviderVersions({ params }: Call): Answer {
  const provider = find(params.provider);
  const { dedicated, shared } = provider.versions;
  if (dedicated.length === 0) refuse("notFound");
  const features = [{ name: "encryption", enabled: true }];
  return {
    status: 200,
    body: {
      providerId: provider.id,
      defaultDedicatedVersion: dedicated.at(-1),
      dedicated: Object.fromEntries(dedicated.map((version) => [version, { features }])),
      clusters: shared.map((version) => ({
        id: uuidOf(`cluster ${provider.id} ${version}`),
        label: `${provider.name} ${version} ${sharedZone}`,
        zone: sharedZone,
        version,
        features: [{ name: "encryption", enabled: false }],
      })),
    },
  };
}

export function listZones(): Answer {
  return { status: 200, body: zones.map(zoneWire) };
}

function find(id: string | undefined): CatalogProvider {
  return providers.find((provider) => provider.id === id) ?? refuse("notFound");
}

function providerWire(provider: CatalogProvider): unknown {
  return {
    ...providerSummaryWire(provider),
    plans: provider.plans.map((plan) => planWire(provider, plan)),
    features: [],
  };
}

const europe = new Set(["FR", "GB", "PL"]);

/** guess: the tag of HDS zones and a city for fr-north-hds, which no source names. */
function zoneWire(zone: Zone): unknown {
  const infra = zone.infra?.toLowerCase().replaceAll(" ", "-");
  return {
    id: uuidOf(`zone ${zone.name}`),
    name: zone.name,
    country: zone.country,
    countryCode: zone.countryCode,
    city: zone.city ?? "Lille",
    displayName: null,
    lat: zone.lat,
    lon: zone.lon,
    outboundIPs: [],
    tags: [
      ...(infra === undefined ? [] : [`infra:${infra === "ovhcloud" ? "ovh" : infra}`]),
      ...(europe.has(zone.countryCode) ? ["region:eu"] : []),
      ...(zone.isHds ? ["certification:hds"] : []),
    ],
  };
}
