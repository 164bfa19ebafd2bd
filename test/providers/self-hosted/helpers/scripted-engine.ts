import type { DatabaseFacts, Engine, FenceHold, ServerFacts } from "../../../../src/core/ports/engine.ts";
import type { Finding, WindowEstimate } from "../../../../src/core/preflight.ts";
import { Secret } from "../../../../src/core/secret.ts";
import { ALLOWED } from "../../../../src/core/verdict.ts";
import { capabilities } from "../../../../src/engines/postgresql/capabilities.ts";

/** A made-up engine: databases are names in memory, and every call is written down. */
export interface ScriptedEngine extends Engine {
  /** Calls in order, such as `fence mig_1`. */
  readonly calls: string[];
  /** What each server says; a server without facts refuses the connection. */
  readonly servers: Map<string, ServerFacts>;
  /** Databases that exist, as `server/database`. */
  readonly databases: Set<string>;
  /** Databases whose writes are refused, and how often each was fenced. */
  readonly fenced: Set<string>;
  facts: Partial<DatabaseFacts>;
  findings: Finding[];
  schema: string;
  window: WindowEstimate;
  connected: Date | null;
  /** Makes the next call of this name fail. */
  failNext(call: string, error: Error): void;
  /** Loses every hold, as when a worker dies. */
  loseHolds(): void;
}

const PROOF = {
  tables: 2,
  rows: 10,
  bytes: 1000,
  hashedTables: 2,
  sequences: 1,
  objects: 5,
  milliseconds: 12,
  notVerified: [],
};

export function createScriptedEngine(): ScriptedEngine {
  const failures = new Map<string, Error>();
  let generation = 0;
  const note = async (call: string, subject = "") => {
    engine.calls.push(`${call} ${subject}`.trim());
    const failure = failures.get(call);
    failures.delete(call);
    if (failure) throw failure;
  };
  const factsOf = (id: string): ServerFacts => {
    const facts = engine.servers.get(id);
    if (facts) return facts;
    throw Object.assign(new Error("connect ECONNREFUSED 10.0.0.1:5432"), { code: "ECONNREFUSED" });
  };
  const engine: ScriptedEngine = {
    id: "postgresql",
    name: "PostgreSQL",
    capabilities: { ...capabilities, strategies: ["dump"] },
    calls: [],
    servers: new Map([
      ["pg15", { version: "15", fullVersion: "15.18" }],
      ["pg18", { version: "18", fullVersion: "18.4" }],
    ]),
    databases: new Set(["pg15/orders"]),
    fenced: new Set(),
    facts: {},
    findings: [],
    schema: "schema-1",
    window: { minSeconds: 5, maxSeconds: 10, source: "Guessed." },
    connected: null,
    failNext: (call, error) => failures.set(call, error),
    loseHolds: () => (generation += 1),

    async serverFacts(server) {
      return factsOf(server.id);
    },
    async inspect({ server }) {
      await note("inspect", server.id);
      const base = { usedBytes: 2 ** 20, tables: 2, rows: 10, extensions: [], otherUsers: ["reporting"] };
      return { ...factsOf(server.id), ...base, ...engine.facts };
    },
    async preflight({ targetServer }) {
      await note("preflight", targetServer.id);
      return engine.findings;
    },
    judgeStrategy: () => ALLOWED,
    estimate: () => engine.window,
    async provision({ target }) {
      await note("provision", target.server.id);
      engine.databases.add(`${target.server.id}/${target.database}`);
    },
    async drop({ server, database }) {
      await note("drop", `${server.id}/${database}`);
      engine.databases.delete(`${server.id}/${database}`);
    },
    async copySchema() {
      await note("copySchema");
    },
    async schemaFingerprint() {
      await note("schemaFingerprint");
      return engine.schema;
    },
    async planFence({ server, database }) {
      await note("planFence");
      return { wasFenced: engine.fenced.has(`${server.id}/${database}`) };
    },
    async fence({ server, database }, _undo, holder) {
      await note("fence", holder);
      engine.fenced.add(`${server.id}/${database}`);
      generation += 1;
      return makeHold(generation, () => generation);
    },
    async proveFence() {
      await note("proveFence");
    },
    async unfence({ server, database }, undo, holder) {
      await note("unfence", `${holder} ${JSON.stringify(undo)}`);
      engine.fenced.delete(`${server.id}/${database}`);
      generation += 1;
    },
    async copyData(_pair, hold) {
      await note("copyData");
      await hold.assertAlive();
      return { tables: 2, rows: 10, bytes: 1000, milliseconds: 5 };
    },
    async verify(_pair, hold) {
      await note("verify");
      await hold.assertAlive();
      return PROOF;
    },
    async finish() {
      await note("finish");
    },
    async close({ server, database }) {
      await note("close", `${server.id}/${database}`);
    },
    environment({ server, database, username, password }) {
      const url = `postgres://${username}:${password.reveal()}@${server.id}.db.example:5432/${database}`;
      return { DATABASE_URL: new Secret(url), PGPASSWORD: password };
    },
    async connectedSince() {
      return engine.connected;
    },
  };
  return engine;
}

function makeHold(own: number, current: () => number): FenceHold {
  let released = false;
  const isAlive = () => !released && current() === own;
  return {
    since: new Date(Date.UTC(2026, 0, 1, 0, 0, own)),
    isAlive,
    async assertAlive() {
      if (!isAlive()) throw new Error("fence-lost");
    },
    async release() {
      released = true;
    },
  };
}
