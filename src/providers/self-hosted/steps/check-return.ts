import type { Step } from "../../../core/step.ts";
import type { Fleet } from "../fleet.ts";
import { openAccess } from "../location.ts";
import { onServer } from "../server-reach.ts";
import { gone, readWayBack } from "../way-back.ts";
import { engineOf } from "./subject.ts";

const MINUTE_MS = 60_000;

/** Keeps the old database from being dropped, looks whether it can be reached, and notes both places. */
export function createCheckReturnStep(fleet: Fleet): Step {
  return {
    name: "check",
    title: "Check the old database",
    pivot: false,
    timeoutMs: 2 * MINUTE_MS,
    async run(context) {
      const { id, revertOf, source } = context.migration;
      const undone = revertOf ?? "";
      if (!(await fleet.store.holdRetired(undone, id))) throw gone();
      const { old, now, mark, entrance } = await readWayBack(fleet, undone, source.addonId);
      const access = await openAccess(fleet, old);
      const engine = engineOf(fleet, context);
      const { usedBytes } = await onServer(old.serverId, () => engine.inspect(access, context.signal));
      return { output: { source: now, target: old, mark, entrance, usedBytes } };
    },
  };
}
