import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import mysql from "mysql2/promise";

/** An application that writes all the time to where its env file says, and remembers what it was told is written. */
export class Shop {
  readonly accepted: number[] = [];
  readonly refusals = new Set<number>();
  readonly #envFile: string;
  readonly #running: Promise<void>;
  #stops = false;

  constructor(envFile: string) {
    this.#envFile = envFile;
    this.#running = this.#work();
  }

  async stop(): Promise<void> {
    this.#stops = true;
    await this.#running;
  }

  async #work(): Promise<void> {
    for (let next = 1; !this.#stops; ) {
      try {
        const session = await mysql.createConnection(await uriIn(this.#envFile));
        session.on("error", () => undefined);
        try {
          for (; !this.#stops; next += 1) {
            await session.execute("INSERT INTO items (number, note) VALUES (?, 'x')", [next]);
            this.accepted.push(next);
            await sleep(2);
          }
        } finally {
          session.destroy();
        }
      } catch (error) {
        this.refusals.add((error as { errno?: number }).errno ?? 0);
        next += 1; // Nobody knows whether this one was written.
        await sleep(20);
      }
    }
  }
}

/** URL of the database by the application's env file. */
export async function uriIn(envFile: string): Promise<string> {
  return /^MYSQL_ADDON_URI="?([^"\n]+)"?$/m.exec(await readFile(envFile, "utf8"))?.[1] ?? "";
}
