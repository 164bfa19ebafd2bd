import { createHash } from "node:crypto";
import {
  appendFileSync,
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { GodwitError } from "../../core/failure.ts";
import type { CopyJournal } from "../../core/ports/engine.ts";
import type { JsonObject } from "../../core/step.ts";
import { engineCapabilities } from "../../engines/index.ts";
import { type Lease, takeLease } from "../../store/embedded/lease.ts";

/** What is known of a replication that stands, or may stand. */
const replicationSchema = z.object({
  /** Everything that the replication has made bears this name. */
  id: z.string(),
  /** Where anything of it may be left. */
  side: z.enum(["both", "target"]),
  /** Fingerprint of the source's schema as it was copied. */
  fingerprint: z.string(),
  /** What was copied before the target began to follow; null until it does. */
  copiedBytes: z.number().nullable(),
});

const noteSchema = z.object({
  /** The target of the copy, without its password. */
  to: z.string(),
  /** How to take the fence away; null while none stands. */
  undo: z.custom<JsonObject>((value) => typeof value === "object").nullable(),
  /** Whether the copy was completed and proved. */
  isDone: z.boolean(),
  /** Written before the replication is begun; null while none stands. */
  replication: replicationSchema.nullable().default(null),
});

/** What a run of `godwit copy` leaves for the next one. Holds no secret. */
export type CopyNote = z.infer<typeof noteSchema>;

/** A URL without its user's password, as notes and messages may hold it. */
export function withoutPassword(url: string): string {
  const { protocol, hostname, port, pathname } = new URL(url);
  const rules = Object.values(engineCapabilities).find((engine) => engine.url.protocols.includes(protocol));
  return `${hostname}:${port || (rules?.url.defaultPort ?? "")}${pathname}`;
}

function unreadable(file: string, cause: unknown): GodwitError {
  return new GodwitError({
    code: "copy-note-unreadable",
    summary: `The note of an earlier copy, ${file}, cannot be read.`,
    remedy: "If the old database is read-only, do not delete the note: it says how to open it again.",
    cause,
  });
}

/**
 * The note on disk about the copies of one source: written before the source is touched, so that whoever
 * runs next can take the fence away, and a list of what has been copied, to go on from.
 */
export class CopyState {
  readonly holder: string;
  readonly #file: string;
  readonly #journal: string;
  readonly #lease: Lease;
  #note: CopyNote | null;

  private constructor(stem: string, holder: string, lease: Lease) {
    this.holder = holder;
    this.#file = `${stem}.json`;
    this.#journal = `${stem}.tables`;
    this.#lease = lease;
    this.#note = this.#read();
  }

  /** Opens the note about a source's copies; one process at a time may have it. */
  static async open(folder: string, from: string): Promise<CopyState> {
    const key = createHash("sha256").update(withoutPassword(from)).digest("hex").slice(0, 12);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const stem = join(folder, key);
    const lease = await takeLease(`${stem}.lease`);
    if (lease) return new CopyState(stem, `godwit copy ${key}`, lease);
    throw new GodwitError({
      code: "copy-running",
      summary: `Another process on this machine is copying ${withoutPassword(from)}.`,
      remedy: "Wait until it has ended.",
    });
  }

  get note(): CopyNote | null {
    return this.#note;
  }

  /** How to take away a fence that stands; null when none is known to stand. */
  get undo(): JsonObject | null {
    return this.#note?.undo ?? null;
  }

  /** Writes the note so that it survives the death of this process and of its machine. */
  write(note: CopyNote): void {
    const draft = `${this.#file}.draft`;
    writeFileSync(draft, JSON.stringify(note), { mode: 0o600 });
    const handle = openSync(draft, "r");
    fsyncSync(handle);
    closeSync(handle);
    renameSync(draft, this.#file);
    this.#note = note;
  }

  change(part: Partial<CopyNote>): void {
    if (this.#note) this.write({ ...this.#note, ...part });
  }

  /** What has been copied, for the engine to go on from. */
  journal({ goesOn }: { readonly goesOn: boolean }): CopyJournal {
    if (!goesOn) this.forgetTables();
    return {
      done: new Set(goesOn ? this.#readJournal() : []),
      add: (parts) =>
        appendFileSync(this.#journal, parts.map((part) => `${JSON.stringify(part)}\n`).join("")),
      clear: () => this.forgetTables(),
    };
  }

  forgetTables(): void {
    rmSync(this.#journal, { force: true });
  }

  /** Removes the note, when nothing of a copy is left to be taken back. */
  remove(): void {
    this.forgetTables();
    rmSync(this.#file, { force: true });
    this.#note = null;
  }

  close(): Promise<void> {
    return this.#lease.release();
  }

  #read(): CopyNote | null {
    try {
      return noteSchema.parse(JSON.parse(readFileSync(this.#file, "utf8")));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
      throw unreadable(this.#file, error);
    }
  }

  /** A line that the death of its process has cut short says nothing. */
  #readJournal(): string[] {
    let text = "";
    try {
      text = readFileSync(this.#journal, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
    const lines = text.split("\n").slice(0, -1);
    return lines.map((line) => z.string().parse(JSON.parse(line)));
  }
}
