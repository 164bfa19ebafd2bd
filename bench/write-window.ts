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
  /** As far as it has come. */
  seen(): WriteWindow;
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

class RowWriter implements Writer {
  readonly #url: string;
  readonly #statement: string;
  readonly #over = new AbortController();
  #client: Client | null;
  #seen: WriteWindow = { accepted: 0, refused: 0, lastAcceptedAt: 0 };
  readonly #writing: Promise<void>;

  constructor(url: string, client: Client | null, order: { perSecond: number; statement: string }) {
    this.#url = url;
    this.#client = client;
    this.#statement = order.statement;
    this.#writing = this.#writeAll(order.perSecond);
  }

  seen(): WriteWindow {
    return this.#seen;
  }

  async stop(): Promise<WriteWindow> {
    this.#over.abort();
    await this.#writing;
    await this.#client?.end().catch(() => undefined);
    return this.#seen;
  }

  async #writeAll(perSecond: number): Promise<void> {
    for (let next = performance.now(); !this.#over.signal.aborted; next += 1000 / perSecond) {
      await this.#write();
      await sleep(Math.max(0, next - performance.now()));
    }
  }

  async #write(): Promise<void> {
    this.#client ??= await connect(this.#url);
    try {
      if (this.#client === null) throw new Error("no connection");
      await this.#client.query(this.#statement);
      this.#seen = { ...this.#seen, accepted: this.#seen.accepted + 1, lastAcceptedAt: performance.now() };
    } catch {
      this.#seen = { ...this.#seen, refused: this.#seen.refused + 1 };
      await this.#client?.end().catch(() => undefined);
      this.#client = null;
      await sleep(20);
    }
  }
}

/** Starts to write `perSecond` times a second, each time in a transaction of its own that adds a row to `bench_writes`. */
export async function startWriter(
  url: string,
  perSecond: number,
  statement = "INSERT INTO bench_writes DEFAULT VALUES",
): Promise<Writer> {
  const client = await connect(url);
  await client?.query(
    "CREATE TABLE bench_writes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz DEFAULT now())",
  );
  return new RowWriter(url, client, { perSecond, statement });
}
