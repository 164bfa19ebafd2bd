import type { Step } from "../../../core/step.ts";
import type { Fleet } from "../fleet.ts";
import { assertNotInService } from "../in-service.ts";
import { engineOf, openPair, targetLocation } from "./subject.ts";

const HOUR_MS = 3_600_000;

/** Left out where an engine has no schema. */
export const COPY_SCHEMA_STEP = "copy-schema";

/** Restores the schema while writes are still open: what cannot be restored shows before anyone is held up. */
export function createCopySchemaStep(fleet: Fleet): Step {
  return {
    name: COPY_SCHEMA_STEP,
    title: "Copy the schema",
    pivot: false,
    timeoutMs: HOUR_MS,
    async run(context) {
      const engine = engineOf(fleet, context);
      await assertNotInService(fleet, targetLocation(context));
      const pair = await openPair(fleet, context);
      // Taken first: a change during the copy then shows under the fence.
      const fingerprint = await engine.schemaFingerprint(pair.source, context.signal);
      await engine.copySchema(pair, context);
      return { output: { fingerprint } };
    },
  };
}
