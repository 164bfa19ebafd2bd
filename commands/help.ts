import type { Command } from "./command.ts";

export const help: Command = {
  name: "help",
  options: [],
  description: "Show what Godwit can do",
  opensForm: false,
  // The list itself would be a cycle: `runCommand` fills it in.
  run: async () => ({ kind: "help", commands: [], unknown: null }),
};
