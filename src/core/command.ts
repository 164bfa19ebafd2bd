/** What an option of a subcommand holds, so that a platform can suggest values for it; none for `text`. */
export type CommandOptionKind = "addon" | "plan" | "version" | "text";

/** Something that may be written behind a subcommand. Free text: what it means is judged when it is used. */
export interface CommandOption {
  /** Lower case; the key in an invocation's options. */
  readonly name: string;
  readonly kind: CommandOptionKind;
  /** How help writes it, such as `addon or migration ID`. */
  readonly placeholder: string;
  /** One sentence without a full stop, at most 100 characters (Discord's limit for an option's description). */
  readonly description: string;
  readonly isRequired: boolean;
  /** True for a last one that holds everything typed from there on. */
  readonly takesRest?: boolean;
}

/** One subcommand of `/db` as platforms and help show it. */
export interface CommandSummary {
  readonly name: string;
  /** In the order in which they are typed; required ones first. */
  readonly options: readonly CommandOption[];
  /** One sentence without a full stop, at most 100 characters. */
  readonly description: string;
  /** True when the answer is a form: the platform may show an empty one at once. */
  readonly opensForm: boolean;
}

/** Names a subcommand's options from words as typed, in order; words beyond the last option are left out, unless it takes them all. */
export function optionsOfWords(
  command: CommandSummary | undefined,
  words: readonly string[],
): Readonly<Record<string, string>> {
  const named = (command?.options ?? []).flatMap(({ name, takesRest }, index) => {
    const word = takesRest ? words.slice(index).join(" ") || undefined : words[index];
    return word === undefined ? [] : [[name, word] as const];
  });
  return Object.fromEntries(named);
}
