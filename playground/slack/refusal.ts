import type { Json } from "./model.ts";

/** An answer `{ ok: false, error }`, thrown inside a method and turned into the HTTP answer in one place. */
export class Refusal extends Error {
  readonly error: string;
  readonly details: Json;

  constructor(error: string, details: Json = {}) {
    super(error);
    this.name = "Refusal";
    this.error = error;
    this.details = details;
  }
}

export function refuse(error: string, details: Json = {}): never {
  throw new Refusal(error, details);
}
