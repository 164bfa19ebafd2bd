import type { Addon } from "../model.ts";
import type { Plot } from "./plot.ts";

/** What happens to the next migrations, first written first used. */
export class Plots {
  readonly #next: { readonly plot: Plot; readonly addonId: string | undefined }[] = [];

  /** @param addon only a migration of this one; of any when left out */
  next(plot: Plot, addon?: Pick<Addon, "id">): void {
    this.#next.push({ plot, addonId: addon?.id });
  }

  clear(): void {
    this.#next.length = 0;
  }

  take(addon: Addon): Plot | undefined {
    const index = this.#next.findIndex(({ addonId }) => addonId === undefined || addonId === addon.id);
    return index < 0 ? undefined : this.#next.splice(index, 1)[0]?.plot;
  }
}
