import { uuidOf } from "./catalog/catalog.ts";

/** Makes the platform's identifiers and secrets; the same ones in the same order for every local platform. */
export class Ids {
  #sequence = 0;

  uuid(): string {
    this.#sequence += 1;
    return uuidOf(`local clever cloud ${this.#sequence}`);
  }

  /** `addon_<uuid>`, `migration_<uuid>`… */
  next(prefix: string): string {
    return `${prefix}_${this.uuid()}`;
  }

  /** Twenty lower-case letters and digits, as databases, users and passwords are named. */
  word(): string {
    return `b${this.uuid().replaceAll("-", "").slice(0, 19)}`;
  }

  /** Forty hexadecimal digits. */
  commit(): string {
    return `${this.uuid()}${this.uuid()}`.replaceAll("-", "").slice(0, 40);
  }

  port(): number {
    return 5000 + (Number.parseInt(this.uuid().slice(0, 4), 16) % 4000);
  }
}
