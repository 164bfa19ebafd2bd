import { crashPoint } from "../../../core/crash-point.ts";
import { GodwitError } from "../../../core/failure.ts";
import { Secret } from "../../../core/secret.ts";
import type { Step, StepContext } from "../../../core/step.ts";
import { chooseServer } from "../choose-server.ts";
import type { Fleet } from "../fleet.ts";
import { assertNotInService, isInUse } from "../in-service.ts";
import { accessOf, findServer, type Location, readLocation } from "../location.ts";
import { makeDatabaseName, makePassword } from "../names.ts";
import { onServer } from "../server-reach.ts";
import { engineOf, openSource, sourceLocation } from "./subject.ts";
import { takeBackIfUndone } from "./take-back-if-undone.ts";

const MINUTE_MS = 60_000;

/** Makes the empty database and its role on the target server. */
export function createProvisionStep(fleet: Fleet): Step {
  return {
    name: "provision",
    title: "Make the new database",
    pivot: false,
    timeoutMs: 5 * MINUTE_MS,
    async run(context) {
      const target = await settleLocation(fleet, context);
      await assertNotInService(fleet, target);
      const password = await settlePassword(fleet, target.secretRef);
      const server = accessOf(findServer(fleet, target.serverId));
      const { database, username } = target;
      const pair = {
        source: await openSource(fleet, context),
        target: { server, database, username, password },
      };
      const engine = engineOf(fleet, context);
      const plan = context.migration.targetPlan;
      await onServer(server.id, () => engine.provision(pair, plan, context));
      await takeBackIfUndone({ ...context, checkpoint: { target } }, (late) => dropTarget(fleet, late));
      return { output: { target } };
    },
    undo: (context) => dropTarget(fleet, context),
  };
}

/** Names are drawn once and stored before anything exists, so that a second attempt finds what the first one made. */
async function settleLocation(fleet: Fleet, context: StepContext): Promise<Location> {
  if (context.checkpoint !== null) return readLocation(context.checkpoint["target"]);
  const { server } = await chooseServer(fleet, context.migration.target, context.signal);
  const name = makeDatabaseName(context.migration.source.addonName, fleet.randomBytes);
  const keepsUser = engineOf(fleet, context).capabilities.addonsPerServer === "one";
  const target = {
    serverId: server.id,
    database: name,
    username: keepsUser ? sourceLocation(context).username : name,
    secretRef: `migration:${context.migration.id}`,
  };
  await context.saveCheckpoint({ target });
  crashPoint("provision: named");
  return target;
}

async function settlePassword(fleet: Fleet, secretRef: string): Promise<Secret> {
  const known = await fleet.store.secret(secretRef);
  if (known !== undefined) return known;
  const password = new Secret(makePassword(fleet.randomBytes));
  await fleet.store.putSecret(secretRef, password);
  crashPoint("provision: password kept");
  return password;
}

async function dropTarget(fleet: Fleet, context: StepContext): Promise<void> {
  if (context.checkpoint === null) return;
  const { serverId, database, username, secretRef } = readLocation(context.checkpoint["target"]);
  if (await isInUse(fleet, { serverId, database })) throw inUse(database);
  const server = accessOf(findServer(fleet, serverId));
  const engine = engineOf(fleet, context);
  await onServer(serverId, () => engine.drop({ server, database, username }, context.signal));
  await fleet.store.deleteSecret(secretRef);
}

/** Undoing stops at the pivot: the records are older than the switch. Dropping here would lose live data. */
function inUse(database: string): GodwitError {
  return new GodwitError({
    code: "target-in-use",
    summary: `${database} is already in service, so it is not dropped.`,
    remedy:
      "Ask support: Godwit's own database may be an older copy of itself, from before the switch. Nothing was lost; the new database is the one to keep.",
  });
}
