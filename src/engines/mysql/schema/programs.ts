import type { Session } from "../session.ts";
import { quoteName } from "../sql.ts";
import { readCreate } from "./tables.ts";

/** Something of a database that runs: a routine, view, trigger or event. */
export interface Program {
  readonly kind: "FUNCTION" | "PROCEDURE" | "PACKAGE" | "PACKAGE BODY" | "VIEW" | "TRIGGER" | "EVENT";
  readonly name: string;
  /** As the server writes it, with the definer. */
  readonly create: string;
  /** `app@%`. */
  readonly definer: string;
  readonly mode: string | null;
  readonly charset: string;
  readonly collation: string;
  /** Of an event. */
  readonly zone: string | null;
  /** Of an event: whether it runs. */
  readonly status: string | null;
}

interface Listed {
  readonly kind: Program["kind"];
  readonly name: string;
  readonly definer: string;
  readonly mode: string | null;
  readonly charset: string;
  readonly collation: string;
  readonly zone?: string;
  readonly status?: string;
  /** Of a trigger, whose own text may name the database. */
  readonly text?: string;
}

const CONTEXT = "DEFINER AS definer, CHARACTER_SET_CLIENT AS charset, COLLATION_CONNECTION AS collation";

/** In the order in which they are made. */
const LISTS: readonly string[] = [
  `SELECT ROUTINE_TYPE AS kind, ROUTINE_NAME AS name, SQL_MODE AS mode, ${CONTEXT} FROM information_schema.ROUTINES
   WHERE ROUTINE_SCHEMA = ? AND ROUTINE_TYPE IN ('FUNCTION', 'PROCEDURE', 'PACKAGE', 'PACKAGE BODY')
   ORDER BY FIELD(ROUTINE_TYPE, 'PACKAGE', 'PACKAGE BODY', 'FUNCTION', 'PROCEDURE'), ROUTINE_NAME`,
  `SELECT 'VIEW' AS kind, TABLE_NAME AS name, NULL AS mode, ${CONTEXT} FROM information_schema.VIEWS
   WHERE TABLE_SCHEMA = ? ORDER BY TABLE_NAME`,
  `SELECT 'TRIGGER' AS kind, TRIGGER_NAME AS name, SQL_MODE AS mode, ${CONTEXT},
     CONCAT(ACTION_TIMING, ' ', EVENT_MANIPULATION, ' ON \`', REPLACE(EVENT_OBJECT_TABLE, '\`', '\`\`'),
       '\` FOR EACH ROW ', ACTION_STATEMENT) AS text
   FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = ?
   ORDER BY EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION, ACTION_ORDER`,
  `SELECT 'EVENT' AS kind, EVENT_NAME AS name, SQL_MODE AS mode, ${CONTEXT}, TIME_ZONE AS zone, STATUS AS status
   FROM information_schema.EVENTS WHERE EVENT_SCHEMA = ? ORDER BY EVENT_NAME`,
];

async function textOf(session: Session, { kind, name, text }: Listed): Promise<string> {
  if (text !== undefined) return `CREATE DEFINER=\`\`@\`\` TRIGGER ${quoteName(name)} ${text}`;
  return readCreate(session, kind, quoteName(name));
}

/** Reads what runs in the session's own database, without that database's name in front of names. */
export async function readPrograms(session: Session, database: string): Promise<Program[]> {
  const programs: Program[] = [];
  for (const list of LISTS) {
    for (const listed of await session.rows<Listed>(list, [database])) {
      const { text: _text, ...facts } = listed;
      const create = await textOf(session, listed);
      programs.push({ zone: null, status: null, ...facts, create });
    }
  }
  return programs;
}
