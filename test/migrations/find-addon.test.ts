import { expect, it } from "vitest";
import { presentAnswer } from "../../src/chat/present/answer.ts";
import { renderPlain } from "../../src/chat/render-plain.ts";
import { systemClock } from "../../src/clock.ts";
import { GodwitError } from "../../src/core/failure.ts";
import type { Clock } from "../../src/core/ports/clock.ts";
import type { Log } from "../../src/core/ports/log.ts";
import type { Provider } from "../../src/core/ports/provider.ts";
import type { Dependencies } from "../../src/migrations/dependencies.ts";
import { findAddon, summaries } from "../../src/migrations/find-addon.ts";
import { findMigration } from "../../src/migrations/find-migration.ts";
import { listAddons } from "../../src/migrations/overview.ts";
import { anAddon, scriptedProvider } from "./scripted-provider.ts";

const NEVER = new AbortController().signal;

function aProvider(name: string, addon = anAddon({ id: `addon_${name}`, name })): Provider {
  const scripted = scriptedProvider();
  scripted.addon = addon;
  return { ...scripted, name };
}

function down(name: string): Provider {
  const reject = async () => {
    throw new GodwitError({ code: "down", class: "transient", summary: "It is down.", remedy: "Wait." });
  };
  return { ...aProvider(name), listAddons: reject, getAddon: reject };
}

function depsOf(...providers: Provider[]) {
  const warnings: object[] = [];
  const log: Log = {
    debug() {},
    info() {},
    warn: (fields) => void warnings.push(fields),
    error() {},
    child: () => log,
  };
  const store = { migrations: async () => [] };
  return { deps: { providers, log, store, clock: systemClock } as unknown as Dependencies, warnings };
}

it("lists everybody else's databases when one provider cannot be reached, and says whose are missing", async () => {
  const { deps, warnings } = depsOf(aProvider("fleet"), down("clever"));
  const answer = await listAddons(deps, NEVER);

  const lines = renderPlain(presentAnswer(answer, new Date()));
  expect(lines).toEqual([
    "== Databases ==",
    "- fleet (addon_fleet): PostgreSQL 15, plan S, zone par",
    "The databases of clever are missing here, because it cannot be reached. It is down.",
  ]);
  expect(presentAnswer(answer, new Date()).summary).toBe(
    "Databases: 1 database. The databases of clever are missing here, because it cannot be reached. It is down.",
  );
  expect(warnings).toMatchObject([{ provider: "clever" }]);
});

it("says nothing of missing databases while every provider answers", async () => {
  const { deps } = depsOf(aProvider("fleet"), aProvider("clever"));

  expect(await listAddons(deps, NEVER)).not.toHaveProperty("missing");
});

it("finds an add-on of a provider that answers, whoever else is down", async () => {
  const { deps } = depsOf(down("clever"), aProvider("fleet"));

  expect(await findAddon(deps, "addon_fleet", NEVER)).toMatchObject({
    kind: "found",
    addon: { id: "addon_fleet" },
    provider: { name: "fleet" },
  });
});

it("does not call an add-on unknown without saying whose databases it could not look through", async () => {
  const { deps } = depsOf(aProvider("fleet"), down("clever"));

  expect(await findAddon(deps, "shop", NEVER)).toMatchObject({
    kind: "refused",
    refusal: {
      code: "unknown-addon",
      summary:
        "There is no add-on called “shop”. The databases of clever are missing here, because it cannot be reached. It is down.",
    },
  });
});

it("throws what is the matter when no provider at all can be reached", async () => {
  const { deps } = depsOf(down("clever"));

  await expect(summaries(deps, NEVER)).rejects.toMatchObject({ code: "down" });
});

it("stops when it is told to, and takes that for no outage", async () => {
  const { deps, warnings } = depsOf(aProvider("fleet"), aProvider("clever"));
  const reason = new Error("enough");

  await expect(summaries(deps, AbortSignal.abort(reason))).rejects.toBe(reason);
  expect(warnings).toEqual([]);
});

it("does not wait for a provider that never answers", async () => {
  const silent: Provider = {
    ...aProvider("clever"),
    listAddons: (signal) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error))),
  };
  const { deps } = depsOf(aProvider("fleet"), silent);
  const waits: number[] = [];
  const clock: Clock = { now: () => new Date(), sleep: async (ms) => void waits.push(ms) };
  const { listed, missing } = await summaries({ ...deps, clock }, NEVER);

  expect(listed.map(({ summary }) => summary.name)).toEqual(["fleet"]);
  expect(missing).toEqual([
    "The databases of clever are missing here, because it cannot be reached. clever did not list its databases within 10 s.",
  ]);
  await expect(summaries({ ...depsOf(silent).deps, clock }, NEVER)).rejects.toMatchObject({
    code: "list-too-slow",
    class: "transient",
  });
  expect(waits.slice(0, 2)).toEqual([10_000, 10_000]);
});

it("finds an add-on by an ID that its provider's list does not show", async () => {
  const clever = aProvider("clever");
  const twoNames: Provider = {
    ...clever,
    getAddon: async (id) => (id === "postgresql_1" ? anAddon({ id: "addon_clever" }) : undefined),
  };
  const { deps } = depsOf(down("fleet"), twoNames);

  expect(await findAddon(deps, "postgresql_1", NEVER)).toMatchObject({
    kind: "found",
    addon: { id: "addon_clever" },
  });
});

it("takes no name for an add-on while a provider that may have another of this name is down", async () => {
  const { deps } = depsOf(down("clever"), aProvider("fleet"));

  expect(await findAddon(deps, "Fleet", NEVER)).toMatchObject({
    kind: "refused",
    refusal: { code: "name-uncertain", remedy: "Use the add-on ID; /db list shows it." },
  });
});

it("finds a migration by its add-on's name while its provider is down, unless two have this name", async () => {
  const { deps } = depsOf(down("clever"));
  const stored = ["addon_a", "addon_b"].map((addonId) => ({
    id: `mig_${addonId}`,
    source: { addonId, addonName: "orders" },
  }));
  const search = { nameOrId: "Orders", wanted: "live", signal: NEVER } as const;
  const storing = (migrations: unknown[]) =>
    ({
      ...deps,
      store: { migration: async () => undefined, migrations: async () => migrations },
    }) as unknown as Dependencies;

  expect(await findMigration(storing(stored.slice(0, 1)), search)).toMatchObject({
    kind: "found",
    migration: { id: "mig_addon_a" },
  });
  expect(await findMigration(storing(stored), search)).toMatchObject({
    refusal: { code: "ambiguous-addon" },
  });
});
