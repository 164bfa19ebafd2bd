import { afterEach, beforeEach, expect, it } from "vitest";
import { presentNotification } from "../../src/chat/present/notification.ts";
import { GodwitError } from "../../src/core/failure.ts";
import type { Notification } from "../../src/core/notification.ts";
import { LogRing } from "../../src/log-ring.ts";
import { drive } from "../../src/migrations/runner/drive.ts";
import { reviveNotification } from "../../src/store/revive-notification.ts";
import { openWorkbench, type Workbench } from "./workbench.ts";

let bench: Workbench;

beforeEach(async () => {
  bench = await openWorkbench();
});

afterEach(async () => {
  await bench.close();
});

/** The pack as it reads at the end, and everything that Godwit has stored of the migration. */
async function packOf(): Promise<{ readonly text: string; readonly stored: string }> {
  const { rows } = await bench.pool.query<{ notification: Notification }>(
    `SELECT notification FROM godwit.chat_outbox WHERE message_key = 'pack' AND status <> 'superseded'
     ORDER BY sequence DESC LIMIT 1`,
  );
  const all = await bench.pool.query(
    `SELECT (SELECT json_agg(o) FROM godwit.chat_outbox o)::text || (SELECT json_agg(e) FROM godwit.events e)::text
       || (SELECT json_agg(m) FROM godwit.migrations m)::text || (SELECT json_agg(s) FROM godwit.steps s)::text AS text`,
  );
  const [row] = rows;
  if (!row) throw new Error("there is no pack");
  const { attachment } = presentNotification(reviveNotification(row.notification));
  return { text: attachment?.text ?? "", stored: String(all.rows[0]?.text) };
}

it("holds what support needs to begin: IDs, step, code, timeline, versions, plans, log, what was undone; no secret", async () => {
  const ring = new LogRing(() => new Date());
  const deps = {
    ...bench.deps,
    log: ring.tee(bench.deps.log),
    recentLog: (id: string) => ring.linesOf(id),
  };
  const { id } = await bench.confirmed();
  bench.provider.behaviours.set("copy", async (context) => {
    context.log.warn({ url: "postgres://admin:canary-url@db/orders" }, "copy is slow, password=canary-log");
    throw new GodwitError({
      code: "copy-broken",
      summary: "The copy broke.",
      remedy: "Look at the server.",
      cause: new Error("connecting to postgres://orders:canary-cause@db/orders with password=canary-key"),
    });
  });
  await drive({ ...bench.driver("one"), deps }, id);

  const { text, stored } = await packOf();
  for (const fact of ["addon_orders", id, "copy-broken", "Step: copy", "PostgreSQL 15.18 to 18"])
    expect(text).toContain(fact);
  expect(text).toMatch(/Plan: S .* to M /);
  expect(text).toMatch(/\d{4}-\d\d-\d\dT[\d:.]+Z confirmed by slack:U1ALICE/);
  expect(text).toMatch(/failed by worker:one .*copy-broken/);
  expect(text).toMatch(/warn copy is slow/);
  expect(text).toMatch(/## Undone\n- check\n- provision\n- fence/);
  expect(text).not.toContain("canary");
  expect(stored).not.toContain("canary");
});

it("is posted once, behind the call for support, and edited when everything is taken back", async () => {
  const { id } = await bench.confirmed();
  bench.provider.behaviours.set("copy", async () => {
    throw new GodwitError({ code: "x", summary: "It broke.", remedy: "Look." });
  });
  await drive(bench.driver("one"), id);

  const lines = (await bench.outbox()).filter((line) => / (failure|pack) /.test(line));
  expect(lines).toEqual([
    "post failure failed",
    "post pack support-pack",
    "edit failure failed",
    "edit pack support-pack",
  ]);
});
