import type { Actor, Place } from "../../../src/core/member.ts";
import type { Migration } from "../../../src/core/migration.ts";
import { cancelMigration } from "../../../src/migrations/cancel-migration.ts";
import { confirmMigration } from "../../../src/migrations/confirm-migration.ts";
import { disarmGate, switchNow } from "../../../src/migrations/decide-gate.ts";
import type { Dependencies } from "../../../src/migrations/dependencies.ts";
import { retryMigration } from "../../../src/migrations/retry-migration.ts";
import { submitRequest } from "../../../src/migrations/submit-request.ts";

import type { Simulation } from "./simulate.ts";

const ALICE: Actor = { platform: "slack", id: "U1ALICE", name: "alice" };
const CHANNEL: Place = { platform: "slack", workspace: "T1", channel: "C1" };
const signal = new AbortController().signal;
const ADDONS = ["addon_orders", "addon_users"];
/** How long people wait before they press again. */
const PATIENCE_MS = 4_000;

/** People ask, confirm, doubt, cancel and try again. Returns whether they have nothing more to do. */
export function livePeople(simulation: Simulation): () => boolean {
  const { time, random } = simulation;
  let busy = 0;
  const live = (person: () => Promise<void>) => {
    busy += 1;
    void person().finally(() => (busy -= 1));
  };
  for (const addonId of ADDONS)
    live(async () => {
      await time.sleep(random() * 2_000);
      const id = await ask(simulation, addonId);
      live(() => doubt(simulation, id));
    });
  const caring = () => {
    live(() => care(simulation));
    time.set(caring, 3_000);
  };
  time.set(caring, 3_000);
  return () => busy === 0;
}

/** Asks and confirms until that is done, with the same press delivered more than once. */
async function ask(simulation: Simulation, addonId: string): Promise<string> {
  const { random } = simulation;
  const strategy = random() < 0.4 ? (random() < 0.3 ? "live-held" : "live") : "dump";
  const selection = { addonId, planId: "pg-m", version: "18", strategy } as const;
  for (let turn = 1; ; turn += 1) {
    const deliveryId = `form ${addonId} ${turn}`;
    const request = { selection, by: ALICE, place: CHANNEL, deliveryId };
    await attempt(simulation, (deps) => submitRequest(deps, request, signal));
    const [draft] = await simulation.memory.migrations({ addonId, limit: 1 });
    if (draft) {
      await confirm(simulation, draft);
      return draft.id;
    }
  }
}

async function confirm(simulation: Simulation, { id, planHash }: Migration): Promise<void> {
  for (let turn = 1; ; turn += 1) {
    const press = { migrationId: id, planHash, by: ALICE, deliveryId: `confirm ${id} ${turn}` };
    const deliveries = simulation.random() < 0.3 ? 3 : 1;
    await Promise.all(
      Array.from({ length: deliveries }, () =>
        attempt(simulation, (deps) => confirmMigration(deps, press, signal)),
      ),
    );
    if ((await simulation.memory.migration(id))?.state !== "awaiting_confirmation") return;
  }
}

/** Some cancel at some moment, some hold or start the switch. */
async function doubt(simulation: Simulation, migrationId: string): Promise<void> {
  const { random, time } = simulation;
  if (random() < 0.35) {
    await time.sleep(random() * 12_000);
    await attempt(simulation, (deps) => cancelMigration(deps, migrationId, ALICE));
  }
  if (random() < 0.3) {
    await time.sleep(random() * 6_000);
    await attempt(simulation, (deps) => disarmGate(deps, { migrationId, by: ALICE }));
  }
  await time.sleep(random() * 6_000);
  await attempt(simulation, (deps) => switchNow(deps, { migrationId, by: ALICE }));
}

/** Support retries what waits for it, and lets held switches go. */
async function care(simulation: Simulation): Promise<void> {
  const { memory, random, isStormy, time } = simulation;
  for (const { id, state, gate } of await memory.migrations({})) {
    const press = { migrationId: id, by: ALICE, deliveryId: `care ${id} ${time.now}` };
    const again = state === "needs_support" || (state === "rolled_back" && isStormy() && random() < 0.05);
    if (again) await attempt(simulation, (deps) => retryMigration(deps, press, signal));
    if (state === "running" && gate?.mode === "held" && (!isStormy() || random() < 0.3))
      await attempt(simulation, (deps) => switchNow(deps, press));
    if (state === "awaiting_confirmation" && !isStormy()) {
      const draft = await memory.migration(id);
      if (draft) await confirm(simulation, draft);
    }
  }
}

/** Asks some living process; one that dies meanwhile never answers, and the person looks up after a while. */
async function attempt(
  { anyone, time }: Simulation,
  act: (deps: Dependencies) => Promise<unknown>,
): Promise<void> {
  const found = anyone();
  if (!found) return time.sleep(500);
  const asked = time.as(found.process, () => act(found.deps)).catch(() => undefined);
  await Promise.race([asked, time.sleep(PATIENCE_MS)]);
}
