import type { MongoClient } from "mongodb";

/*
 * A fence is marked by a role without rights in the database that it closes: it survives a restart of the server, and no
 * document of anybody is touched. Its name tells who holds the fence and which hold it is.
 */

const PREFIX = "godwit fence ";

/** The holder of a fence, and which of its holds. */
export interface Mark {
  readonly holder: string;
  readonly hold: string;
}

function nameOf({ holder, hold }: Mark): string {
  return `${PREFIX}${hold} ${holder}`;
}

/** Marks on a database. */
export async function readMarks(client: MongoClient, database: string): Promise<Mark[]> {
  const { roles } = await client.db(database).command({ rolesInfo: 1 });
  return (roles as { role: string }[])
    .filter(({ role }) => role.startsWith(PREFIX))
    .map(({ role }) => {
      const [hold = "", ...holder] = role.slice(PREFIX.length).split(" ");
      return { hold, holder: holder.join(" ") };
    });
}

export async function setMark(client: MongoClient, database: string, mark: Mark): Promise<void> {
  await client.db(database).command({ createRole: nameOf(mark), privileges: [], roles: [] });
}

/** Removes the marks of a holder, except of one hold. */
export async function removeMarks(
  client: MongoClient,
  database: string,
  holder: string,
  kept?: string,
): Promise<void> {
  for (const mark of await readMarks(client, database))
    if (mark.holder === holder && mark.hold !== kept)
      await client.db(database).command({ dropRole: nameOf(mark) });
}
