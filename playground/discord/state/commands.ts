import type { RegisteredCommand } from "../model.ts";

/** Commands as registered; those of the guild stand beside the global ones. */
export class Commands {
  #commands: RegisteredCommand[] = [];

  get all(): readonly RegisteredCommand[] {
    return this.#commands;
  }

  in(guildId: string | null): RegisteredCommand[] {
    return this.#commands.filter((command) => command.guildId === guildId);
  }

  /** Replaces every command of the guild, or every global one. */
  overwrite(guildId: string | null, commands: readonly RegisteredCommand[]): void {
    this.#commands = [...this.#commands.filter((command) => command.guildId !== guildId), ...commands];
  }

  /** What a person who types `/name` in the guild gets: the guild's own command goes first. */
  find(name: string): RegisteredCommand | undefined {
    const found = this.#commands.filter((command) => command.name === name && command.type === 1);
    return found.find(({ guildId }) => guildId !== null) ?? found[0];
  }
}
