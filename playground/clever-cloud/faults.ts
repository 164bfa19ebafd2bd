import { type DroppedAnswer, type HttpCall, type HttpFault, Faults as LocalFaults } from "../local/faults.ts";
import type { OperationName } from "./api/operations.ts";

export type Fault =
  /**
   * An HTTP status before anything happened; `body` is JSON, or plain text when it is a string. `retryAfter` is in
   * seconds. guess: the header; no source documents rate limits.
   */
  | { readonly status: number; readonly body?: unknown; readonly retryAfter?: number }
  | HttpFault
  | DroppedAnswer;

/** Scripted failures by operation, first written first used. */
export class Faults extends LocalFaults<Fault, HttpCall, OperationName> {}
