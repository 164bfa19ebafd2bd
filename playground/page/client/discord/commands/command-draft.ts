import type { CommandEntry, CommandOption } from "./command-entries.ts";

/** What stands in an option. */
export interface OptionEntry {
  readonly text: string;
  /** Of the choice that was taken; null while the text itself is the value. */
  readonly value: string | number | null;
}

/** A command that is being filled in. */
export interface CommandDraft extends CommandEntry {
  /** By name of the option; those that are not required appear once they are begun. */
  readonly entries: Readonly<Record<string, OptionEntry>>;
  /** The option one types into; null: behind the last one. */
  readonly active: string | null;
  /** Whether one tried to send it, so that what is missing is said. */
  readonly isChecked: boolean;
}

const blank: OptionEntry = { text: "", value: null };

/** The command whose name is typed in full with a blank behind it; what follows goes into its first option. */
export function startedCommand(typed: string, entries: readonly CommandEntry[]): CommandDraft | undefined {
  const entry = entries.find(({ name }) => typed.startsWith(`/${name} `));
  return entry && beginCommand(entry, typed.slice(entry.name.length + 2));
}

export function beginCommand(entry: CommandEntry, text = ""): CommandDraft {
  const first = entry.options.find(({ required }) => required === true) ?? entry.options[0];
  const entries = first ? { [first.name]: { text, value: null } } : {};
  return { ...entry, entries, active: first?.name ?? null, isChecked: false };
}

/** Options that are shown: the required ones, and those that are begun. */
export function shownOptions({ options, entries }: CommandDraft): CommandOption[] {
  return options.filter(({ name, required }) => required === true || Object.hasOwn(entries, name));
}

/** Options that can still be added. */
export function furtherOptions(draft: CommandDraft): CommandOption[] {
  const shown = shownOptions(draft);
  return draft.options.filter((option) => !shown.includes(option));
}

export function entryOf({ entries }: CommandDraft, name: string): OptionEntry {
  return entries[name] ?? blank;
}

export function enterText(draft: CommandDraft, name: string, text: string): CommandDraft {
  return { ...draft, entries: { ...draft.entries, [name]: { text, value: null } } };
}

/** Takes a choice, and goes on to the next option that is missing. */
export function takeChoice(
  draft: CommandDraft,
  name: string,
  choice: { readonly text: string; readonly value: string | number },
): CommandDraft {
  const next = { ...draft, entries: { ...draft.entries, [name]: choice } };
  return { ...next, active: missingOptions(next)[0]?.name ?? null };
}

/** Goes to an option, or behind the last one; an option that was left blank and is not required goes. */
export function goTo(draft: CommandDraft, active: string | null): CommandDraft {
  const kept = Object.entries(draft.entries).filter(
    ([name, entry]) => name === active || !isBlank(entry) || isRequired(draft, name),
  );
  const begun = active === null || Object.hasOwn(draft.entries, active) ? {} : { [active]: blank };
  return { ...draft, entries: { ...Object.fromEntries(kept), ...begun }, active };
}

export function missingOptions(draft: CommandDraft): CommandOption[] {
  return draft.options.filter(({ name, required }) => required === true && isBlank(entryOf(draft, name)));
}

/** What is sent, by name. */
export function commandValues({ entries }: CommandDraft): Record<string, string | number> {
  const filled = Object.entries(entries).filter(([, entry]) => !isBlank(entry));
  return Object.fromEntries(filled.map(([name, { text, value }]) => [name, value ?? text.trim()]));
}

function isBlank({ text, value }: OptionEntry): boolean {
  return value === null && text.trim() === "";
}

function isRequired({ options }: CommandDraft, name: string): boolean {
  return options.some((option) => option.name === name && option.required === true);
}
