/** A message in a list. */
export interface Row<T> {
  readonly message: T;
  /** The day to announce above the row. */
  readonly day: Date | null;
  /** A follow-up of the same person within a few minutes is drawn without name and picture. */
  readonly isFollowUp: boolean;
}

export interface RowFacts {
  readonly date: Date;
  readonly authorId: string;
  /** Never drawn as a follow-up. */
  readonly beginsGroup: boolean;
  /** What comes after is never drawn as its follow-up. */
  readonly endsGroup: boolean;
}

/** Messages as rows: with day dividers, and follow-ups drawn closer. */
export function toRows<T>(
  messages: readonly T[],
  rules: { readonly factsOf: (message: T) => RowFacts; readonly followUpSeconds: number },
): Row<T>[] {
  const facts = messages.map(rules.factsOf);
  return messages.map((message, index) => {
    const [now, before] = [facts[index] as RowFacts, facts[index - 1]];
    const isNewDay = before?.date.toDateString() !== now.date.toDateString();
    const isFollowUp = !isNewDay && before !== undefined && follows(now, before, rules.followUpSeconds);
    return { message, day: isNewDay ? now.date : null, isFollowUp };
  });
}

function follows(now: RowFacts, before: RowFacts, seconds: number): boolean {
  if (now.authorId !== before.authorId || now.beginsGroup || before.endsGroup) return false;
  return now.date.getTime() - before.date.getTime() < seconds * 1000;
}
