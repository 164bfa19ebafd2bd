import type { CommandOption } from "../src/core/command.ts";
import { actorOf } from "../src/core/member.ts";
import type { Refusal } from "../src/core/verdict.ts";
import { disarmGate, switchNow } from "../src/migrations/decide-gate.ts";
import { findMigration } from "../src/migrations/find-migration.ts";
import { parseDuration } from "../src/validation/units.ts";
import { type Command, MIGRATION } from "./command.ts";

const WHEN: CommandOption = {
  name: "when",
  kind: "text",
  placeholder: "now, hold, 90m or a time",
  description: "now, hold, a delay such as 90m, or a time such as 2030-01-31T02:00Z",
  isRequired: false,
};

export const switchCommand: Command = {
  name: "switch",
  options: [MIGRATION, WHEN],
  description: "Switch a replicated database to its new place, or hold the switch",
  opensForm: false,
  async run({ options, member }, { deps, signal }) {
    const found = await findMigration(deps, { nameOrId: options["addon"], wanted: "live", signal });
    if (found.kind === "refused") return found;
    const decision = { migrationId: found.migration.id, by: actorOf(member) };
    const when = options["when"]?.trim().toLowerCase() ?? "now";
    if (when === "now" || when === "") return switchNow(deps, decision);
    if (when === "hold") return disarmGate(deps, decision);
    const at = momentOf(when, deps.clock.now());
    if (at === undefined) return { kind: "refused", refusal: notATime(when) };
    return switchNow(deps, { ...decision, at });
  },
};

/** A time to come: a delay, or a moment with its time zone. */
function momentOf(when: string, now: Date): Date | undefined {
  const delayMs = parseDuration(when);
  if (delayMs !== undefined) return new Date(now.getTime() + delayMs);
  if (!/^\d{4}-\d\d-\d\dt\d\d:\d\d(:\d\d)?(z|[+-]\d\d:\d\d)$/.test(when)) return undefined;
  const at = new Date(when.toUpperCase());
  return Number.isNaN(at.getTime()) || at <= now ? undefined : at;
}

function notATime(when: string): Refusal {
  return {
    code: "not-a-time",
    summary: `“${Array.from(when).slice(0, 40).join("")}” is no time to come.`,
    remedy: "Write now, hold, a delay such as 90m, or a time with its zone such as 2030-01-31T02:00Z.",
  };
}
