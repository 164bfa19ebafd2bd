import type { Redis } from "ioredis";

/** A library of functions with its source. */
export interface Library {
  readonly name: string;
  readonly code: string;
}

/** Every library of a server, by name. */
export async function readLibraries(client: Redis): Promise<Library[]> {
  const answer = (await client.call("FUNCTION", "LIST", "WITHCODE")) as unknown[][];
  const field = (library: unknown[], name: string) => String(library[library.indexOf(name) + 1]);
  return answer
    .map((library) => ({ name: field(library, "library_name"), code: field(library, "library_code") }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** Loads every library from its source, which every version reads. */
export async function copyLibraries(source: Redis, target: Redis): Promise<number> {
  const libraries = await readLibraries(source);
  await target.call("FUNCTION", "FLUSH");
  for (const { code } of libraries) await target.call("FUNCTION", "LOAD", code);
  return libraries.length;
}
