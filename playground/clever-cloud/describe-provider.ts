import type { LocalCleverCloud } from "./local-clever-cloud.ts";

/** The local Clever Cloud as an entry of `providers` in godwit.yaml, and the variables that it reads. */
export function describeProvider(clever: LocalCleverCloud, change: Readonly<Record<string, unknown>> = {}) {
  const entry = {
    kind: "clever-cloud",
    owner: clever.owner,
    token: "${CLEVER_API_TOKEN}",
    api: clever.bridgeUrl,
    ...change,
  };
  return { entry, environment: { CLEVER_API_TOKEN: clever.token } };
}
