/** One line above the composer. */
export interface Suggestion {
  readonly key: string;
  readonly title: string;
  readonly description: string;
  /** What it takes. */
  readonly options?: readonly { readonly name: string; readonly isRequired: boolean }[];
  /** The whole text once it is taken. */
  readonly completed: string;
}

export interface Suggestions {
  readonly heading: string;
  readonly items: readonly Suggestion[];
}
