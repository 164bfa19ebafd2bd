import { GodwitError } from "../../../core/failure.ts";
import type { Finding } from "../../../core/preflight.ts";
import type { Step } from "../../../core/step.ts";
import { fingerprint } from "../fingerprint.ts";
import { longestRunMs } from "../past-runs.ts";
import type { Platform } from "../platform.ts";
import { preflightOf } from "../preflight-of.ts";
import { readSubject } from "./subject.ts";

const MINUTE_MS = 60_000;
const SALT_BYTES = 16;

/** Looks once more for what would stop the migration, and notes how the add-on's variables are before it. */
export function createCheckStep(platform: Platform): Step {
  return {
    name: "check",
    title: "Check the add-on and its applications",
    pivot: false,
    timeoutMs: 5 * MINUTE_MS,
    async run(context) {
      const facts = await readSubject(platform, context);
      const { target } = context.migration;
      const report = await preflightOf(platform, facts, { target, signal: context.signal });
      const blocker = report.findings.find(({ level }) => level === "blocker");
      if (blocker !== undefined) throw blocked(blocker);
      const salt = Buffer.from(platform.randomBytes(SALT_BYTES)).toString("hex");
      const [variables, past] = await Promise.all([
        platform.api.variables(facts.given.id, context.signal),
        platform.api.migrations(facts.given.id, context.signal),
      ]);
      const { realId } = facts.given;
      const longestMs = longestRunMs(past);
      return { output: { realId, salt, variables: fingerprint(variables, salt), longestMs } };
    },
  };
}

function blocked({ check, summary, remedy = "Correct it, then try again." }: Finding): GodwitError {
  return new GodwitError({ code: check, summary, remedy });
}
