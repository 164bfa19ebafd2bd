import type { Step } from "../../../core/step.ts";
import type { Fleet } from "../fleet.ts";
import { engineOf, openPair } from "./subject.ts";

const HOUR_MS = 3_600_000;

/** Restores the schema while writes are still open: what cannot be restored shows before anyone is held up. */
export function createCopySchemaStep(fleet: Fleet): Step {
  return {
    name: "copy-schema",
    title: "Copy the schema",
    pivot: false,
    timeoutMs: HOUR_MS,
    async run(context) {
      const engine = engineOf(fleet, context);
      const pair = await openPair(fleet, context);
      // Taken first: a change during the copy then shows under the fence.
      const fingerprint = await engine.schemaFingerprint(pair.source, context.signal);
      await engine.copySchema(pair, context);
      return { output: { fingerprint } };
    },
  };
}
