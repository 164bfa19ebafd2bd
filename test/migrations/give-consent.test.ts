import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Migration } from "../../src/core/migration.ts";
import type { Finding } from "../../src/core/preflight.ts";
import { confirmMigration } from "../../src/migrations/confirm-migration.ts";
import { giveConsent } from "../../src/migrations/give-consent.ts";
import { recheckMigration } from "../../src/migrations/recheck-migration.ts";
import { retryMigration } from "../../src/migrations/retry-migration.ts";
import { drive } from "../../src/migrations/runner/drive.ts";
import { permanentFailure } from "./scripted-provider.ts";
import { ALICE, openWorkbench, type Workbench } from "./workbench.ts";

const BOB = { platform: "slack", id: "U2BOB", name: "bob" } as const;
const LEAVES: Finding = {
  check: "leaves",
  level: "consent",
  summary: "It leaves.",
  remedy: "Consent or not.",
};

let bench: Workbench;
let findings: Finding[];

beforeEach(async () => {
  bench = await openWorkbench();
  const preflight = bench.provider.preflight.bind(bench.provider);
  findings = [LEAVES];
  bench.provider.preflight = async (...input) => ({ ...(await preflight(...input)), findings });
});

afterEach(async () => {
  await bench.close();
});

const signal = () => AbortSignal.timeout(9_000);

function confirm({ id, planHash }: Migration) {
  return confirmMigration(bench.deps, { migrationId: id, planHash, by: ALICE }, signal());
}

function consent({ id, planHash }: Migration, deliveryId = "press-1") {
  return giveConsent(bench.deps, { migrationId: id, planHash, by: BOB, deliveryId });
}

async function events(id: string) {
  const { rows } = await bench.pool.query<{ event: string }>(
    "SELECT actor || ' ' || type AS event FROM godwit.events WHERE migration_id = $1 ORDER BY sequence",
    [id],
  );
  return rows.map(({ event }) => event);
}

describe("a plan that asks for a consent", () => {
  it("is not confirmed before somebody has given it, and keeps who that was", async () => {
    const draft = await bench.draft();
    expect(await confirm(draft)).toMatchObject({ kind: "refused", refusal: { code: "consent-missing" } });

    expect(await consent(draft)).toMatchObject({ kind: "consented" });
    expect(await confirm(draft)).toMatchObject({ kind: "confirmed", migration: { consent: { by: BOB } } });
    expect(await events(draft.id)).toEqual([
      "slack:U1ALICE requested",
      "slack:U2BOB consented",
      "slack:U1ALICE confirmed",
    ]);
  });

  it("takes one consent, however often it is delivered", async () => {
    const draft = await bench.draft();
    await Promise.all([consent(draft), consent(draft), consent(draft, "press-2")]);

    expect((await events(draft.id)).filter((event) => event.endsWith("consented"))).toHaveLength(1);
  });

  it("asks again when what it asks for has changed since", async () => {
    const draft = await bench.draft();
    await consent(draft);
    findings = [LEAVES, { ...LEAVES, check: "enters" }];
    const checked = await recheckMigration(bench.deps, draft.id, ALICE, signal());
    if (checked.kind !== "rechecked") throw new Error(JSON.stringify(checked));

    expect(await confirm(checked.migration)).toMatchObject({ refusal: { code: "consent-missing" } });
    expect(await consent(draft, "press-2")).toMatchObject({ refusal: { code: "terms-changed" } });
    await consent(checked.migration, "press-3");
    expect(await confirm(checked.migration)).toMatchObject({ kind: "confirmed" });
  });

  it("cannot be consented to once it is decided", async () => {
    const draft = await bench.draft();
    await consent(draft);
    await confirm(draft);

    expect(await consent(draft, "press-2")).toMatchObject({ refusal: { code: "stale-button" } });
  });

  it("is tried again on the same consent, and not when it asks for more", async () => {
    const draft = await bench.draft();
    await consent(draft);
    await confirm(draft);
    bench.provider.behaviours.set("copy", async () => Promise.reject(permanentFailure()));
    await drive(bench.driver("one"), draft.id);
    bench.provider.behaviours.delete("copy");
    const retry = { migrationId: draft.id, by: ALICE };

    findings = [LEAVES, { ...LEAVES, check: "enters" }];
    expect(await retryMigration(bench.deps, retry, signal())).toMatchObject({
      refusal: { code: "consent-missing" },
    });
    findings = [LEAVES];
    expect(await retryMigration(bench.deps, retry, signal())).toMatchObject({
      kind: "retrying",
      migration: { consent: { by: BOB } },
    });
  });
});
