import type { AddonSummary } from "./addon.ts";
import type { CommandSummary } from "./command.ts";
import type { FormSelection } from "./form.ts";
import type { Freeze } from "./freeze.ts";
import type { Migration } from "./migration.ts";
import type { ShownStep } from "./step.ts";
import type { Refusal } from "./verdict.ts";

/** An add-on in a list, with the migration that holds it, if any. */
export interface ListedAddon extends AddonSummary {
  readonly migration: Migration | null;
}

/** A migration with what its status shows. */
export interface MigrationStatus {
  readonly migration: Migration;
  readonly steps: readonly ShownStep[];
  /** Link to the thread, where the platform gives one. */
  readonly link: string | null;
}

/** What a subcommand or a button answers to the one person who used it. */
export type Answer =
  | { readonly kind: "open-form"; readonly selection: FormSelection }
  | {
      readonly kind: "addons";
      readonly addons: readonly ListedAddon[];
      /** Whole sentence for each provider whose add-ons could not be listed. */
      readonly missing?: readonly string[];
    }
  | { readonly kind: "status"; readonly running: readonly MigrationStatus[]; readonly freeze?: Freeze | null }
  | { readonly kind: "frozen" | "unfrozen"; readonly freeze: Freeze }
  | { readonly kind: "history"; readonly migrations: readonly Migration[]; readonly addonName: string | null }
  | { readonly kind: "help"; readonly commands: readonly CommandSummary[]; readonly unknown: string | null }
  | { readonly kind: "confirmed"; readonly migration: Migration }
  /** What the plan asks consent for is consented to: it can be confirmed. */
  | { readonly kind: "consented"; readonly migration: Migration }
  | { readonly kind: "cancelling"; readonly migration: Migration }
  | { readonly kind: "cancelled"; readonly migration: Migration }
  | { readonly kind: "retrying"; readonly migration: Migration }
  /** The gate switches when it may. */
  | { readonly kind: "armed"; readonly migration: Migration }
  /** The gate waits for a person. */
  | { readonly kind: "disarmed"; readonly migration: Migration }
  /** It stands still now, or when the step `after` is done; in a moment where that is null. */
  | {
      readonly kind: "paused";
      readonly migration: Migration;
      readonly isStill: boolean;
      readonly after: string | null;
    }
  | { readonly kind: "resumed"; readonly migration: Migration }
  | { readonly kind: "rechecked"; readonly migration: Migration }
  | { readonly kind: "acknowledged"; readonly migration: Migration }
  | { readonly kind: "solved"; readonly migration: Migration }
  /** The step is given more time before anything is said of it again. */
  | { readonly kind: "waiting"; readonly migration: Migration }
  | { readonly kind: "support-called"; readonly migration: Migration }
  /** A return was worked out and waits for confirmation. */
  | { readonly kind: "revert-asked"; readonly migration: Migration }
  /** What stands of it is taken back. */
  | { readonly kind: "returning"; readonly migration: Migration }
  | { readonly kind: "redeploying"; readonly migration: Migration; readonly application: string }
  | { readonly kind: "refused"; readonly refusal: Refusal };
