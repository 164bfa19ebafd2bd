import { actorOf } from "../src/core/member.ts";
import { findMigration } from "../src/migrations/find-migration.ts";
import { resumeMigration } from "../src/migrations/pause-migration.ts";
import { type Command, MIGRATION } from "./command.ts";

export const resume: Command = {
  name: "resume",
  options: [MIGRATION],
  description: "Let a paused migration go on",
  opensForm: false,
  async run({ options, member }, { deps, signal }) {
    const found = await findMigration(deps, { nameOrId: options["addon"], wanted: "live", signal });
    if (found.kind === "refused") return found;
    return resumeMigration(deps, found.migration.id, actorOf(member));
  },
};
