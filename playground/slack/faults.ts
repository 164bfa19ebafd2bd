import { type HttpFault, Faults as LocalFaults } from "../local/faults.ts";
import type { Json } from "./model.ts";

export type Fault =
  /** HTTP 429 with Retry-After, in seconds. */
  | { readonly status: 429; readonly retryAfter: number }
  /** Any other HTTP status, before anything happened. */
  | { readonly status: number }
  /** HTTP 200 with `{ ok: false, error }`. */
  | { readonly error: string }
  | HttpFault;

/** Scripted failures of the Web API by method, first written first used. */
export class Faults extends LocalFaults<Fault, Json> {}
