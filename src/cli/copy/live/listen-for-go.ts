import type { Gatekeeper } from "./gatekeeper.ts";

/** The signal that lets a copy switch. Node keeps SIGUSR1 for its debugger. */
export const SWITCH_SIGNAL = "SIGUSR2";

/** Standard input as far as a gate needs it. */
export type Keys = NodeJS.ReadableStream & { readonly isTTY?: boolean };

/**
 * Tells the gatekeeper of the signal and, on a terminal, of the key Enter; returns what ends that. Listens from
 * the beginning: a signal nobody listens to ends the process, and keys pressed early must not wait at the gate.
 */
export function listenForGo(gatekeeper: Gatekeeper, keys: Keys = process.stdin): () => void {
  const onSignal = (): void => gatekeeper.signalled();
  const onKeys = (chunk: Buffer | string): void =>
    void (/[\r\n]/.test(String(chunk)) && gatekeeper.entered());
  const onError = (): void => undefined; // A terminal that has gone away; the signal still works.
  process.on(SWITCH_SIGNAL, onSignal);
  if (gatekeeper.hasTerminal) keys.on("error", onError).on("data", onKeys);
  return () => {
    process.off(SWITCH_SIGNAL, onSignal);
    if (gatekeeper.hasTerminal) keys.off("data", onKeys).pause();
  };
}
