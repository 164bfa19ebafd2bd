import { Faults as LocalFaults } from "../local/faults.ts";
import type { RouteName } from "./api/routes.ts";

export type Fault =
  /** HTTP 429 with Retry-After, in seconds; `isGlobal` stops every route. */
  | { readonly status: 429; readonly retryAfter: number; readonly isGlobal?: boolean }
  /** Any other HTTP status, before anything happened; `code` is Discord's error code. */
  | { readonly status: number; readonly code?: number }
  /** The request is accepted and never answered; nothing happens. */
  | { readonly hang: true }
  /** The connection is cut; nothing happens. */
  | { readonly drop: true }
  /** The request takes effect, and the answer never comes. */
  | { readonly acceptedButTimesOut: true }
  /** The request takes effect, and the answer is this HTTP status. */
  | { readonly acceptedButStatus: number }
  /** The request takes effect, and the connection is cut before the answer. */
  | { readonly acceptedButDropped: true }
  /** The request takes effect after this many milliseconds. */
  | { readonly latencyMs: number };

/** A request as scripts see it. */
export interface FaultyCall {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

/** Scripted failures of the REST API by route, first written first used. */
export class Faults extends LocalFaults<Fault, FaultyCall, RouteName> {}
