import type { FormAnswer, FormSelection, MigrationForm } from "../../core/form.ts";
import type { Member } from "../../core/member.ts";
import type { ChatInbound } from "../../core/ports/chat.ts";
import type { Clock } from "../../core/ports/clock.ts";
import { BoundedMap } from "../bounded-map.ts";
import { within } from "./within.ts";

const REMEMBERED = 500;
/** A form that people read is judged anew when it is sent, so it may be this old. */
const USABLE_MS = 5 * 60_000;
/** While someone types, one answer serves for so long. */
const FRESH_MS = 30_000;
/** A list of suggestions must be answered within a second. */
const ANSWER_MS = 900;

interface Filled {
  readonly at: number;
  readonly form: MigrationForm;
}

interface FormCacheOptions {
  readonly inbound: Pick<ChatInbound, "form">;
  readonly clock: Clock;
}

/** Forms as they were filled lately, per person with their rights, for platforms that must draw one at once. */
export class FormCache {
  readonly #options: FormCacheOptions;
  readonly #filled = new BoundedMap<string, Filled>(REMEMBERED);
  readonly #loading = new Map<string, Promise<FormAnswer>>();

  constructor(options: FormCacheOptions) {
    this.#options = options;
  }

  /** Asks anew and remembers the answer. */
  async load(member: Member, selection: FormSelection): Promise<FormAnswer> {
    const answer = await this.#options.inbound.form(member, selection);
    const at = this.#now();
    if (answer.kind === "form") {
      const { form } = answer;
      // What was typed may be a name; later questions ask by the ID.
      for (const known of [selection, { ...selection, addonId: form.addon.id }])
        this.#filled.set(keyOf(member, known), { at, form });
    } else this.#filled.delete(keyOf(member, selection));
    return answer;
  }

  /** The form as it was lately; undefined when it was not filled for these choices. */
  known(member: Member, selection: FormSelection, maxAgeMs = USABLE_MS): MigrationForm | undefined {
    const filled = this.#filled.get(keyOf(member, selection));
    return filled !== undefined && this.#now() - filled.at <= maxAgeMs ? filled.form : undefined;
  }

  /** The form for someone who types: what is known, or what comes within a second; undefined otherwise. */
  async suggest(member: Member, selection: FormSelection): Promise<MigrationForm | undefined> {
    const known = this.known(member, selection, FRESH_MS);
    if (known !== undefined) return known;
    const answer = await within(this.#loadOnce(member, selection), {
      ms: ANSWER_MS,
      clock: this.#options.clock,
    });
    return answer?.kind === "form" ? answer.form : undefined;
  }

  /** Fills the form that someone is probably about to open. */
  prefetch(member: Member, selection: FormSelection): void {
    if (this.known(member, selection, FRESH_MS) !== undefined) return;
    // An error is told to whoever opens the form.
    this.#loadOnce(member, selection).catch(() => undefined);
  }

  /** Each letter typed asks; one question under way answers them all. */
  #loadOnce(member: Member, selection: FormSelection): Promise<FormAnswer> {
    const key = keyOf(member, selection);
    const loading =
      this.#loading.get(key) ?? this.load(member, selection).finally(() => this.#loading.delete(key));
    this.#loading.set(key, loading);
    return loading;
  }

  #now(): number {
    return this.#options.clock.now().getTime();
  }
}

/** What a person may see depends on who they are there and then, so that is part of the key. */
function keyOf({ workspace, id, kind, groups }: Member, selection: FormSelection): string {
  const { addonId, planId, version, zone, strategy, start } = selection;
  return JSON.stringify([workspace, id, kind, groups, addonId, planId, version, zone, strategy, start]);
}
