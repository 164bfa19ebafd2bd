import { GodwitError } from "../../../core/failure.ts";
import type { StepContext } from "../../../core/step.ts";
import type { Fleet } from "../fleet.ts";
import { COPY_SCHEMA_STEP } from "./copy-schema.ts";
import { engineOf, openSource } from "./subject.ts";

/** Throws (`schema-changed`) when somebody has changed the schema since it was copied. */
export async function assertSameSchema(fleet: Fleet, context: StepContext): Promise<void> {
  const engine = engineOf(fleet, context);
  if (!engine.capabilities.hasSchema) return;
  const source = await openSource(fleet, context);
  const now = await engine.schemaFingerprint(source, context.signal);
  if (now === context.outputOf(COPY_SCHEMA_STEP)["fingerprint"]) return;
  throw new GodwitError({
    code: "schema-changed",
    summary: "Somebody changed the schema after it was copied, and such changes are not carried over.",
    remedy: "Try again when no deployment is changing tables.",
  });
}
