import type { Addon } from "./addon.ts";
import type { Opening } from "./maintenance.ts";
import type { Migration } from "./migration.ts";
import type { Quote } from "./quote.ts";
import type { MigrationOptions, Target } from "./target.ts";
import type { Refusal } from "./verdict.ts";

/** What a person has chosen so far; what is missing takes its default. */
export interface FormSelection {
  readonly addonId?: string;
  readonly planId?: string;
  readonly version?: string;
  readonly zone?: string;
  readonly strategy?: string;
  /** As `parseStart` reads it; `at` while no time is chosen yet. */
  readonly start?: string;
}

/** What the form shows of the start. */
export interface FormStart {
  readonly chosen: "now" | "window" | "at";
  /** For `at`: what was chosen, or a suggestion. */
  readonly at: Date | null;
  /** Of the add-on's maintenance window; null where it has none. */
  readonly opening: (Opening & { readonly timeZone: string }) | null;
  /** In which times are read that people type without one, where their own is not known. */
  readonly timeZone: string;
}

/** The form with the choices made so far worked into it. */
export interface MigrationForm {
  readonly addon: Addon;
  readonly options: MigrationOptions;
  /** The choice as it stands, defaults filled in; only allowed values. */
  readonly selection: Target;
  readonly quote: Quote;
  /** Same plan, version and zone: a new instance on the latest patch. */
  readonly isRefresh: boolean;
  readonly start?: FormStart;
}

/** Answer to a request for the form. */
export type FormAnswer =
  | { readonly kind: "form"; readonly form: MigrationForm }
  | { readonly kind: "choose-addon" }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** Answer to a submitted form. */
export type SubmitAnswer =
  | { readonly kind: "posted"; readonly migration: Migration }
  | { readonly kind: "refused"; readonly refusal: Refusal };
