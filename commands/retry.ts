import { actorOf } from "../src/core/member.ts";
import { findMigration } from "../src/migrations/find-migration.ts";
import { retryMigration } from "../src/migrations/retry-migration.ts";
import { type Command, MIGRATION } from "./command.ts";

export const retry: Command = {
  name: "retry",
  options: [MIGRATION],
  description: "Try a failed migration again",
  opensForm: false,
  async run({ options, member }, { deps, signal }) {
    const found = await findMigration(deps, { nameOrId: options["addon"], wanted: "failed", signal });
    if (found.kind === "refused") return found;
    return retryMigration(deps, { migrationId: found.migration.id, by: actorOf(member) }, signal);
  },
};
