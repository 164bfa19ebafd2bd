import type { Engine } from "../../../core/ports/engine.ts";
import { Secret } from "../../../core/secret.ts";
import type { Whereabouts } from "./find-hard-coded.ts";

/** Values that stand nowhere else, by which the meaning of an engine's variables is found out. */
const PROBE = { host: "probe.invalid", port: "50505", database: "probe_database" };

/**
 * Where the variables that an engine gives to applications say that the database is; an empty text for what they do
 * not say. An engine whose URLs name no database has none.
 */
export function readNamedPlace(variables: ReadonlyMap<string, string>, engine: Engine): Whereabouts {
  const own = probe(engine);
  const url = own.find(([name, meaning]) => URL.canParse(meaning) && URL.canParse(variables.get(name) ?? ""));
  if (url) return fromUrl(new URL(variables.get(url[0]) ?? ""), { like: new URL(url[1]), engine });
  const valueOf = (meaning: string): string =>
    variables.get(own.find(([, each]) => each === meaning)?.[0] ?? "") ?? "";
  return { host: valueOf(PROBE.host), port: valueOf(PROBE.port), database: valueOf(PROBE.database) };
}

/** An engine's variables with what each would hold for the probe. */
function probe(engine: Engine): (readonly [string, string])[] {
  const adminUrl = new URL(engine.capabilities.url.example);
  Object.assign(adminUrl, { hostname: PROBE.host, port: PROBE.port });
  const access = {
    server: { id: "probe", adminUrl: new Secret(adminUrl.href) },
    database: PROBE.database,
    username: "probe_user",
    password: new Secret("probe"),
  };
  return Object.entries(engine.environment(access)).map(([name, value]) => [name, value.reveal()]);
}

function fromUrl(url: URL, { like, engine }: { readonly like: URL; readonly engine: Engine }): Whereabouts {
  const isNamed = like.pathname === `/${PROBE.database}`;
  return {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port || String(engine.capabilities.url.defaultPort),
    database: isNamed ? decoded(url.pathname.slice(1)) : "",
  };
}

/** A path that a person has written may be no encoding at all. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
