import { Faults as LocalFaults } from "../local/faults.ts";
import type { Json } from "./model.ts";

export type Fault =
  /** HTTP 429 with Retry-After, in seconds. */
  | { readonly status: 429; readonly retryAfter: number }
  /** Any other HTTP status, before anything happened. */
  | { readonly status: number }
  /** HTTP 200 with `{ ok: false, error }`. */
  | { readonly error: string }
  /** The request is accepted and never answered; nothing happens. */
  | { readonly hang: true }
  /** The connection is cut; nothing happens. */
  | { readonly drop: true }
  /** The method takes effect, and the answer never comes. */
  | { readonly acceptedButTimesOut: true }
  /** The method takes effect, and the answer is this HTTP status. */
  | { readonly acceptedButStatus: number }
  /** The method takes effect after this many milliseconds. */
  | { readonly latencyMs: number };

/** Scripted failures of the Web API by method, first written first used. */
export class Faults extends LocalFaults<Fault, Json> {}
