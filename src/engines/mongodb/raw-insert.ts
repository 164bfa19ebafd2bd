import { createRequire } from "node:module";
import type { Db } from "mongodb";
import { GodwitError } from "../../core/failure.ts";

interface Sequence {
  push(document: unknown, bytes: Uint8Array): number;
}

/*
 * Documents go from server to server as the bytes that they are: turning them into objects would reorder fields whose
 * names are numbers, and lose types that are no longer written. The driver sends bytes by this class alone, which it does
 * not offer to others; so its version is pinned, and a comparison of all bytes follows every copy.
 */
const { DocumentSequence } = createRequire(import.meta.url)("mongodb/lib/cmap/commands.js") as {
  readonly DocumentSequence: new (field: string) => Sequence;
};

/** Inserts documents as they are, and waits until most members of a replica set have them. */
export async function insertRaw(database: Db, name: string, documents: readonly Uint8Array[]): Promise<void> {
  const sequence = new DocumentSequence("documents");
  for (const bytes of documents) sequence.push(null, bytes);
  const answer = await database.command({
    insert: name,
    documents: sequence,
    ordered: true,
    bypassDocumentValidation: true,
    writeConcern: { w: "majority" },
  });
  if (answer["n"] === documents.length && !answer["writeErrors"]) return;
  throw new GodwitError({
    code: "documents-refused",
    summary: `The new server refused documents of ${name} (error ${answer["writeErrors"]?.[0]?.code ?? "unknown"}).`,
    remedy: "Ask support to look at the new server's log; the old database is opened again.",
  });
}
