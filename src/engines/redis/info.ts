import type { Redis } from "ioredis";

/** What INFO says, by field. */
export type Info = ReadonlyMap<string, string>;

/** Reads sections of INFO; fields of all sections have names of their own. */
export async function readInfo(client: Redis, ...sections: string[]): Promise<Info> {
  const texts = await Promise.all(sections.map((section) => client.info(section)));
  const lines = texts.flatMap((text) => text.split("\r\n"));
  return new Map(
    lines.flatMap((line) => {
      const at = line.indexOf(":");
      return line.startsWith("#") || at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const];
    }),
  );
}

/** A field that is a number; 0 when the server does not have it. */
export function numberIn(info: Info, field: string): number {
  return Number(info.get(field) ?? 0) || 0;
}

/** The numbered databases that hold keys, with how many. */
export async function readDatabases(client: Redis): Promise<ReadonlyMap<number, number>> {
  const info = await readInfo(client, "keyspace");
  return new Map(
    [...info].flatMap(([field, value]) => {
      const [, database] = /^db(\d+)$/.exec(field) ?? [];
      const [, keys] = /keys=(\d+)/.exec(value) ?? [];
      return database === undefined || keys === undefined ? [] : [[Number(database), Number(keys)] as const];
    }),
  );
}

/** A setting, or null where the server knows none of that name or does not tell. */
export async function readSetting(client: Redis, name: string): Promise<string | null> {
  const answer = (await client.call("CONFIG", "GET", name).catch(() => [])) as string[];
  return answer[1] ?? null;
}
