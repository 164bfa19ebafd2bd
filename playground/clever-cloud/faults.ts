import { Faults as LocalFaults } from "../local/faults.ts";
import type { OperationName } from "./api/operations.ts";

export type Fault =
  /**
   * An HTTP status before anything happened; `body` is JSON, or plain text when it is a string. `retryAfter` is in
   * seconds. guess: the header; no source documents rate limits.
   */
  | { readonly status: number; readonly body?: unknown; readonly retryAfter?: number }
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
  /** The request takes effect after this many milliseconds of real time. */
  | { readonly latencyMs: number };

/** A request as scripts see it. */
export interface FaultyCall {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

/** Scripted failures by operation, first written first used. */
export class Faults extends LocalFaults<Fault, FaultyCall, OperationName> {}
