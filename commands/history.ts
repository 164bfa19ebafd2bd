import { showHistory } from "../src/migrations/overview.ts";
import { ADDON, type Command } from "./command.ts";

export const history: Command = {
  name: "history",
  options: [ADDON],
  description: "Show the last migrations and how they ended",
  opensForm: false,
  run: ({ options }, { deps, signal }) => showHistory(deps, options["addon"] ?? null, signal),
};
