import type { World } from "../world.ts";

/** What went wrong lately, for the message of a wait that ended in vain. */
export function recentTrouble(world: World): string[] {
  return [
    ...world.violations.slice(-3).map(({ where, messages }) => `refused ${where}: ${messages.join("; ")}`),
    ...world.calls
      .filter(({ status }) => status >= 400 || status === 0)
      .slice(-3)
      .map(
        ({ method, path, status, error }) => `${method} ${path} answered ${status} (code ${error ?? "none"})`,
      ),
    ...world.errors.slice(-3).map(({ kind, error, detail }) => `${kind}: ${error} (${detail})`),
  ];
}
