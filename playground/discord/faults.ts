import { type DroppedAnswer, type HttpCall, type HttpFault, Faults as LocalFaults } from "../local/faults.ts";
import type { RouteName } from "./api/routes.ts";

export type Fault =
  /** HTTP 429 with Retry-After, in seconds; `isGlobal` stops every route. */
  | { readonly status: 429; readonly retryAfter: number; readonly isGlobal?: boolean }
  /** Any other HTTP status, before anything happened; `code` is Discord's error code. */
  | { readonly status: number; readonly code?: number }
  | HttpFault
  | DroppedAnswer;

/** Scripted failures of the REST API by route, first written first used. */
export class Faults extends LocalFaults<Fault, HttpCall, RouteName> {}
