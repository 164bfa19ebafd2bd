import { GodwitError } from "../../core/failure.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { Engine, ServerAccess, ServerFacts } from "../../core/ports/engine.ts";

/** Longest wait for a server's first answer. */
const CONNECT_TIMEOUT_MS = 5_000;
/** How long an answer is believed; a server that is down is asked again sooner. */
const BELIEVED_MS = { up: 30_000, down: 5_000 } as const;

/** What servers say of themselves, remembered for a moment so that a form does not wait for each choice. */
export interface ServerReach {
  /** Throws a `GodwitError` (`server-unreachable`, `server-login-refused`). `fresh` asks the server in any case. */
  facts(
    engine: Engine,
    server: ServerAccess,
    options: { readonly signal: AbortSignal; readonly fresh?: boolean },
  ): Promise<ServerFacts>;
}

interface Probe {
  readonly answer: Promise<ServerFacts>;
  readonly startedAt: number;
  state: "asking" | keyof typeof BELIEVED_MS;
}

/** Makes the memory of a provider's servers. */
export function createServerReach(clock: Clock): ServerReach {
  const probes = new Map<string, Probe>();
  const isBelieved = ({ state, startedAt }: Probe) =>
    state === "asking" || clock.now().getTime() - startedAt < BELIEVED_MS[state];
  return {
    async facts(engine, server, { signal, fresh = false }) {
      signal.throwIfAborted();
      let probe = probes.get(server.id);
      if (probe === undefined || fresh || !isBelieved(probe)) {
        probe = startProbe(engine, server, clock.now().getTime());
        probes.set(server.id, probe);
      }
      return await untilAborted(probe.answer, signal);
    },
  };
}

function startProbe(engine: Engine, server: ServerAccess, startedAt: number): Probe {
  const limit = AbortSignal.timeout(CONNECT_TIMEOUT_MS);
  const asked = onServer(server.id, () => untilAborted(engine.serverFacts(server, limit), limit));
  const probe: Probe = { answer: asked, startedAt, state: "asking" };
  asked.then(
    () => (probe.state = "up"),
    () => (probe.state = "down"),
  );
  return probe;
}

/** Waits for a promise, and no longer than the signal lets it. */
async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** Runs work on a server; when the server cannot be reached the error names it, without its URL. */
export async function onServer<T>(serverId: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw translate(serverId, error);
  }
}

/** Node's codes of connections, and the codes that engines give to the same. */
const UNREACHABLE =
  /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|EPIPE|ENOENT|connection-lost|too-many-connections)$/;
const LOGIN_REFUSED = /^login-refused$/;

function translate(serverId: string, error: unknown): unknown {
  const code = codeOf(error);
  if (LOGIN_REFUSED.test(code)) return loginRefused(serverId, error);
  if (UNREACHABLE.test(code)) return unreachable(serverId, error);
  return !(error instanceof GodwitError) && isTimeout(error) ? unreachable(serverId, error) : error;
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && /time(d )?out|terminated/i.test(`${error.name} ${error.message}`);
}

/** The error's own code, or that of the first attempt when several addresses were tried. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  const code = error instanceof Error && "code" in error ? error.code : "";
  return typeof code === "string" ? code : "";
}

function unreachable(serverId: string, cause: unknown): GodwitError {
  return new GodwitError({
    code: "server-unreachable",
    class: "transient",
    summary: `Server ${serverId} cannot be reached.`,
    remedy: "Check that the server is running and that Godwit may connect to it, then try again.",
    cause,
  });
}

function loginRefused(serverId: string, cause: unknown): GodwitError {
  return new GodwitError({
    code: "server-login-refused",
    summary: `Server ${serverId} refuses Godwit's login.`,
    remedy: `Check the user and the password in the url of server ${serverId} in godwit.yaml.`,
    cause,
  });
}
