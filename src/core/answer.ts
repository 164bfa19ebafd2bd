import type { AddonSummary } from "./addon.ts";
import type { Migration } from "./migration.ts";
import type { StepRecord } from "./step.ts";
import type { Refusal } from "./verdict.ts";

/** What `/db help` says of one subcommand. */
export interface CommandSummary {
  readonly name: string;
  /** Usage after the name, such as `[addon]`. */
  readonly usage: string;
  readonly description: string;
}

/** An add-on in a list, with the migration that holds it, if any. */
export interface ListedAddon extends AddonSummary {
  readonly migration: Migration | null;
}

/** A migration with what its status shows. */
export interface MigrationStatus {
  readonly migration: Migration;
  readonly steps: readonly StepRecord[];
  /** Link to the thread, where the platform gives one. */
  readonly link: string | null;
}

/** What a subcommand or a button answers to the one person who used it. */
export type Answer =
  | { readonly kind: "open-form"; readonly addonName: string | null }
  | { readonly kind: "addons"; readonly addons: readonly ListedAddon[] }
  | { readonly kind: "status"; readonly running: readonly MigrationStatus[] }
  | { readonly kind: "history"; readonly migrations: readonly Migration[]; readonly addonName: string | null }
  | { readonly kind: "help"; readonly commands: readonly CommandSummary[]; readonly unknown: string | null }
  | { readonly kind: "confirmed"; readonly migration: Migration }
  | { readonly kind: "cancelling"; readonly migration: Migration }
  | { readonly kind: "cancelled"; readonly migration: Migration }
  | { readonly kind: "retrying"; readonly migration: Migration }
  | { readonly kind: "rechecked"; readonly migration: Migration }
  | { readonly kind: "acknowledged"; readonly migration: Migration }
  | { readonly kind: "solved"; readonly migration: Migration }
  | { readonly kind: "refused"; readonly refusal: Refusal };
