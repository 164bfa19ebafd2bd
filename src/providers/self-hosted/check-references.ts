import type { z } from "zod";
import type { EngineCapabilities } from "../../core/ports/engine-capabilities.ts";
import { Secret } from "../../core/secret.ts";
import { isUrl } from "../../validation/fields.ts";
import { nearest } from "../../validation/nearest.ts";

/** An entry of a list as far as it was understood; any field may be missing or wrong. */
type Entry = Readonly<Record<string, unknown>>;

/** A list of the provider, read so that it also works when other parts of it are wrong. */
type Lists = Readonly<Record<"plans" | "servers" | "addons" | "applications", readonly Entry[]>>;

type Engines = Readonly<Record<string, EngineCapabilities>>;
type Context = z.core.$RefinementCtx;
type Path = readonly PropertyKey[];

/**
 * Checks what one entry says of another: that servers, plans and applications exist, that engines
 * match, that no ID is used twice. Runs also when single values are wrong, so that all problems
 * are told at once.
 */
export function checkReferences(provider: unknown, context: Context, engines: Engines | undefined): void {
  const lists = readLists(provider);
  for (const name of ["plans", "servers", "addons", "applications"] as const)
    checkDuplicates(lists[name], name, context);
  for (const [index, plan] of lists.plans.entries())
    checkName(plan["engine"], engines && Object.keys(engines), {
      context,
      path: ["plans", index, "engine"],
      what: "an engine",
    });
  for (const [index, server] of lists.servers.entries())
    checkServer(server, index, { lists, context, engines });
  for (const [index, addon] of lists.addons.entries()) checkAddon(addon, index, { lists, context });
  checkSharedServers(lists, context, engines);
  checkSharedApplications(lists, context);
}

function checkServer(
  server: Entry,
  index: number,
  { lists, context, engines }: { lists: Lists; context: Context; engines: Engines | undefined },
): void {
  const path = ["servers", index];
  checkName(server["engine"], engines && Object.keys(engines), {
    context,
    path: [...path, "engine"],
    what: "an engine",
  });
  checkUrl(server, engines, { context, path: [...path, "url"] });
  for (const [position, plan] of entriesOf(server["plans"])) {
    const at = [...path, "plans", position];
    checkName(plan, idsOf(lists.plans), { context, path: at, what: "the id of a plan" });
    checkEngine(find(lists.plans, plan), server, { context, path: at });
  }
}

function checkAddon(
  addon: Entry,
  index: number,
  { lists, context }: { lists: Lists; context: Context },
): void {
  const path = ["addons", index];
  const server = find(lists.servers, addon["server"]);
  const known = { server: idsOf(lists.servers), plan: idsOf(lists.plans) };
  checkName(addon["server"], known.server, {
    context,
    path: [...path, "server"],
    what: "the id of a server",
  });
  checkName(addon["plan"], known.plan, { context, path: [...path, "plan"], what: "the id of a plan" });
  if (server) checkEngine(find(lists.plans, addon["plan"]), server, { context, path: [...path, "plan"] });
  for (const [position, application] of entriesOf(addon["applications"])) {
    const at = [...path, "applications", position];
    checkName(application, idsOf(lists.applications), {
      context,
      path: at,
      what: "the id of an application",
    });
  }
}

interface At {
  readonly context: Context;
  readonly path: Path;
}

function checkName(value: unknown, known: readonly string[] | undefined, at: At & { what: string }): void {
  if (typeof value !== "string" || known === undefined || known.includes(value)) return;
  const close = nearest(value, known);
  const all = known.length === 0 ? "none is listed" : `known are ${known.join(", ")}`;
  const hint = close === undefined ? all : `did you mean ${close}?`;
  report(at, `is not ${at.what}; ${hint}`);
}

function checkEngine(plan: Entry | undefined, server: Entry, at: At): void {
  if (plan === undefined || plan["engine"] === server["engine"]) return;
  const [planEngine, serverEngine] = [String(plan["engine"]), String(server["engine"])];
  report(at, `is a plan for ${planEngine}, and server ${String(server["id"])} runs ${serverEngine}`);
}

/** A URL that is none at all has been told of already. */
function checkUrl(server: Entry, engines: Engines | undefined, at: At): void {
  const url = server["url"];
  const rules = engines?.[String(server["engine"])]?.url;
  if (!(url instanceof Secret) || rules === undefined || isUrl(url.reveal(), rules.protocols)) return;
  report(at, `is not a URL of ${String(server["engine"])}; write it like ${rules.example}`);
}

function checkDuplicates(list: readonly Entry[], name: string, context: Context): void {
  for (const [index, entry] of list.entries()) {
    const first = list.findIndex((other) => other["id"] === entry["id"]);
    if (typeof entry["id"] !== "string" || first === index) continue;
    report({ context, path: [name, index, "id"] }, `is also the id of ${name}[${first}]; give each its own`);
  }
}

/** A server that is one add-on cannot be another one too. */
function checkSharedServers(lists: Lists, context: Context, engines: Engines | undefined): void {
  for (const [index, { server }] of lists.addons.entries()) {
    const engine = String(find(lists.servers, server)?.["engine"]);
    const first = lists.addons.findIndex((addon) => addon["server"] === server);
    if (first === index || engines?.[engine]?.addonsPerServer !== "one") continue;
    const message = `is the server of addons[${first}] already, and a server of ${engine} holds one add-on`;
    report({ context, path: ["addons", index, "server"] }, message);
  }
}

/** Two add-ons of one engine would write the same variables into the application's env file. */
function checkSharedApplications(lists: Lists, context: Context): void {
  const seen = new Map<string, number>();
  for (const [index, addon] of lists.addons.entries()) {
    const engine = String(find(lists.servers, addon["server"])?.["engine"]);
    for (const [position, application] of entriesOf(addon["applications"])) {
      const key = `${engine}:${String(application)}`;
      const other = seen.get(key) ?? index;
      seen.set(key, other);
      if (other === index) continue;
      const message = `reads the same variables from addons[${other}]; link it to one add-on of each engine`;
      report({ context, path: ["addons", index, "applications", position] }, message);
    }
  }
}

function report({ context, path }: At, message: string): void {
  context.addIssue({ code: "custom", path: [...path], message, input: undefined });
}

function readLists(provider: unknown): Lists {
  const read = (key: string) => entriesOf((provider as Entry)?.[key]).map(([, entry]) => entry as Entry);
  return {
    plans: read("plans"),
    servers: read("servers"),
    addons: read("addons"),
    applications: read("applications"),
  };
}

function entriesOf(value: unknown): (readonly [number, unknown])[] {
  return Array.isArray(value) ? value.map((entry: unknown, index) => [index, entry ?? {}] as const) : [];
}

function find(list: readonly Entry[], id: unknown): Entry | undefined {
  return list.find((entry) => entry["id"] === id);
}

function idsOf(list: readonly Entry[]): string[] {
  return list.map((entry) => entry["id"]).filter((id) => typeof id === "string");
}
