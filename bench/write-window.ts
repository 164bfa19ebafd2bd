import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";

/** What a writing application saw. */
export interface WriteWindow {
  readonly accepted: number;
  readonly refused: number;
  /** When the last write was accepted, on the clock of `performance.now()`. */
  readonly lastAcceptedAt: number;
}

/** An application that writes all the time. */
export interface Writer {
  stop(): Promise<WriteWindow>;
}

/** Connects again after each refusal, as a pool does. */
async function connect(url: string): Promise<Client | null> {
  const client = new Client({ connectionString: url, application_name: "bench writer" });
  client.on("error", () => undefined);
  return client.connect().then(
    () => client,
    () => null,
  );
}

/** Starts to write `perSecond` rows a second into a table of its own, each in its own transaction. */
export async function startWriter(url: string, perSecond: number): Promise<Writer> {
  let client = await connect(url);
  await client?.query(
    "CREATE TABLE bench_writes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz DEFAULT now())",
  );
  let [accepted, refused, lastAcceptedAt] = [0, 0, 0];
  const over = new AbortController();
  const write = async (): Promise<void> => {
    client ??= await connect(url);
    try {
      if (client === null) throw new Error("no connection");
      await client.query("INSERT INTO bench_writes DEFAULT VALUES");
      accepted += 1;
      lastAcceptedAt = performance.now();
    } catch {
      refused += 1;
      await client?.end().catch(() => undefined);
      client = null;
      await sleep(20);
    }
  };
  const writing = (async () => {
    for (let next = performance.now(); !over.signal.aborted; next += 1000 / perSecond) {
      await write();
      await sleep(Math.max(0, next - performance.now()));
    }
  })();
  return {
    async stop() {
      over.abort();
      await writing;
      await client?.end().catch(() => undefined);
      return { accepted, refused, lastAcceptedAt };
    },
  };
}
