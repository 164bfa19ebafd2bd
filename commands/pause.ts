import { actorOf } from "../src/core/member.ts";
import { findMigration } from "../src/migrations/find-migration.ts";
import { pauseMigration } from "../src/migrations/pause-migration.ts";
import { type Command, MIGRATION } from "./command.ts";

export const pause: Command = {
  name: "pause",
  options: [MIGRATION],
  description: "Let a migration stand still at its next safe point, while its database accepts writes",
  opensForm: false,
  async run({ options, member }, { deps, signal }) {
    const found = await findMigration(deps, { nameOrId: options["addon"], wanted: "live", signal });
    if (found.kind === "refused") return found;
    return pauseMigration(deps, found.migration.id, actorOf(member));
  },
};
