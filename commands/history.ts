import { showHistory } from "../src/migrations/overview.ts";
import type { Command } from "./command.ts";

export const history: Command = {
  name: "history",
  usage: "[addon]",
  description: "Show the last migrations and how they ended",
  opensForm: false,
  run: ({ args }, { deps, signal }) => showHistory(deps, args[0] ?? null, signal),
};
