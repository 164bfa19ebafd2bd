/** One line of a menu. */
export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly description?: string | undefined;
}

export interface ChoiceGroup {
  readonly label: string | undefined;
  readonly choices: readonly Choice[];
}

/** The groups with only what contains the typed text, in any order of its words. */
export function filterGroups(groups: readonly ChoiceGroup[], typed: string): ChoiceGroup[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = ({ label, description = "" }: Choice): boolean => {
    const text = `${label} ${description}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  return groups
    .map(({ label, choices }) => ({ label, choices: choices.filter(fits) }))
    .filter(({ choices }) => choices.length > 0);
}
