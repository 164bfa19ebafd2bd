import { Secret } from "../core/secret.ts";

/** Freezes a value and everything in it. Secrets are left alone: they cannot be changed anyway. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || value instanceof Secret) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}
