import type { DatabasePair, EngineCall } from "../../../core/ports/engine.ts";
import { schemaFingerprint } from "../schema-fingerprint.ts";
import { copySchema, readAdaptedSchema, type SchemaTools } from "./copy-schema.ts";
import type { Schema } from "./read-schema.ts";

/** Schemas kept at most; each may be some megabytes. */
const KEPT = 4;

interface Remembered {
  readonly fingerprint: string;
  readonly schema: Schema;
}

/** A schema, and what is known of the target's. */
export interface ReadSchema {
  /** May still be under way. */
  readonly schema: Promise<Schema>;
  readonly hasChanged: boolean;
}

const keyOf = ({ source, target }: DatabasePair): string =>
  JSON.stringify([source.server.id, source.database, target.server.id, target.database, target.username]);

/**
 * Remembers what was read of a source while it was open, so that it need not be dumped again under the
 * fence when nobody has changed it since.
 */
export class SchemaMemory {
  readonly #kept = new Map<string, Remembered>();

  /** Copies a schema and remembers it. */
  async copy(pair: DatabasePair, call: EngineCall, tools: SchemaTools): Promise<void> {
    const fingerprint = await schemaFingerprint(pair.source, call.signal);
    const schema = await copySchema(pair, call, tools);
    this.#kept.delete(keyOf(pair));
    this.#kept.set(keyOf(pair), { fingerprint, schema });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT && oldest !== undefined) this.#kept.delete(oldest);
  }

  /**
   * The source's schema as the target can take it, dumped only where it must be; and whether the target's
   * first half may be another one, because the source's has changed since.
   */
  async read(pair: DatabasePair, call: EngineCall, tools: SchemaTools): Promise<ReadSchema> {
    const kept = this.#kept.get(keyOf(pair));
    const isKept = kept && (await schemaFingerprint(pair.source, call.signal)) === kept.fingerprint;
    const schema = isKept ? Promise.resolve(kept.schema) : readAdaptedSchema(pair, tools, call);
    schema.catch(() => undefined); // Thrown where it is awaited.
    return { schema, hasChanged: kept !== undefined && !isKept };
  }

  /** Lets go of a schema whose copy is complete; another attempt reads it again. */
  forget(pair: DatabasePair): void {
    this.#kept.delete(keyOf(pair));
  }
}
