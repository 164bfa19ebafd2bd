import type { Session } from "../session.ts";
import { inChunks, qualified, quoteName } from "../sql.ts";
import { splitTable } from "./scan.ts";

/** A column of a table. */
export interface Column {
  readonly name: string;
  /** Such as `varchar`. */
  readonly type: string;
  readonly isUnsigned: boolean;
  /** Whether its value is computed of others. */
  readonly isGenerated: boolean;
  /** Whether it gives a number to rows that have none. */
  readonly isCounter: boolean;
  /** All that the catalog says of it, for comparing: its text differs between versions. */
  readonly definition: string;
}

/** A table that has rows of its own. */
export interface Table {
  readonly name: string;
  readonly engine: string;
  readonly isPartitioned: boolean;
  readonly bytes: number;
  /** As the server writes it. */
  readonly create: string;
  readonly columns: readonly Column[];
  /** The first column of the primary key, if it is a whole number. */
  readonly range: Column | null;
  /** The next number that it gives to a row; null where it gives none. */
  readonly next: string | null;
}

interface TableRow {
  readonly name: string;
  readonly engine: string | null;
  readonly options: string | null;
  readonly bytes: string | null;
  readonly next: string | number | null;
}

interface ColumnRow {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly full: string;
  readonly extra: string;
  readonly expression: string | null;
  readonly nullable: string;
  readonly preset: string | null;
  readonly charset: string | null;
  readonly collation: string | null;
  readonly remark: string;
}

const TABLES = `
  SELECT TABLE_NAME AS name, ENGINE AS engine, CREATE_OPTIONS AS options, DATA_LENGTH AS bytes, AUTO_INCREMENT AS next
  FROM information_schema.TABLES
  WHERE TABLE_SCHEMA = ? AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED') ORDER BY TABLE_NAME`;

const COLUMNS = `
  SELECT TABLE_NAME AS \`table\`, COLUMN_NAME AS name, DATA_TYPE AS type, COLUMN_TYPE AS full, EXTRA AS extra,
    GENERATION_EXPRESSION AS expression, IS_NULLABLE AS nullable, COLUMN_DEFAULT AS preset,
    CHARACTER_SET_NAME AS charset, COLLATION_NAME AS collation, COLUMN_COMMENT AS remark
  FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? ORDER BY TABLE_NAME, ORDINAL_POSITION`;

const KEYS = `
  SELECT TABLE_NAME AS \`table\`, COLUMN_NAME AS name FROM information_schema.STATISTICS
  WHERE TABLE_SCHEMA = ? AND INDEX_NAME = 'PRIMARY' AND SEQ_IN_INDEX = 1`;

const WHOLE_NUMBERS = new Set(["tinyint", "smallint", "mediumint", "int", "bigint"]);

function toColumn({ table: _table, ...row }: ColumnRow): Column {
  const { name, type, full, extra, expression } = row;
  return {
    name,
    // Not as JSON, which would escape the database's name in the default of a column that draws from a sequence.
    definition: Object.values(row)
      .map((fact) => fact ?? "(none)")
      .join("\n"),
    type: type.toLowerCase(),
    isUnsigned: / unsigned/i.test(full),
    isGenerated: expression !== null && expression !== "",
    isCounter: /auto_increment/i.test(extra),
  };
}

function groupByTable(rows: readonly ColumnRow[]): Map<string, Column[]> {
  const groups = new Map<string, Column[]>();
  for (const row of rows) groups.set(row.table, [...(groups.get(row.table) ?? []), toColumn(row)]);
  return groups;
}

/** Reads all tables with rows of their own. */
export async function readTables(session: Session, database: string): Promise<Table[]> {
  const rows = await session.rows<TableRow>(TABLES, [database]);
  const columns = groupByTable(await session.rows<ColumnRow>(COLUMNS, [database]));
  const keys = await session.rows<{ table: string; name: string }>(KEYS, [database]);
  const firstKeys = new Map(keys.map(({ table, name }) => [table, name]));
  const tables: Table[] = [];
  for (const row of rows) {
    const own = columns.get(row.name) ?? [];
    const first = own.find(({ name }) => name === firstKeys.get(row.name));
    tables.push({
      name: row.name,
      engine: row.engine ?? "",
      bytes: Number(row.bytes ?? 0),
      columns: own,
      isPartitioned: (row.options ?? "").includes("partitioned"),
      create: await readCreate(session, "TABLE", qualified(database, row.name)),
      range: first !== undefined && WHOLE_NUMBERS.has(first.type) ? first : null,
      next: own.some(({ isCounter }) => isCounter) ? String(row.next ?? 1) : null,
    });
  }
  return tables;
}

/** What the server says of how something was made. */
export async function readCreate(session: Session, kind: string, name: string): Promise<string> {
  const [row] = await session.rows<Record<string, string>>(`SHOW CREATE ${kind} ${name}`);
  const entry = Object.entries(row ?? {}).find(([column]) => /^(create |sql original)/i.test(column));
  return entry?.[1] ?? "";
}

/** A table without what would slow its filling, and the statements that add it afterwards. */
export interface TableStages {
  readonly bare: string;
  /** Each builds keys in one pass over the table. */
  readonly keys: readonly string[];
  readonly foreignKeys: string | null;
}

const SECONDARY = /^(UNIQUE |FULLTEXT |SPATIAL |VECTOR )?KEY /;
const SPECIAL = /^(FULLTEXT|SPATIAL|VECTOR) /;
const FOREIGN = /^CONSTRAINT `(?:[^`]|``)*` FOREIGN KEY /;
const ADDED_AT_ONCE = 32;

/** A counter must be the first column of some key at any time; without a primary key a unique one takes its place. */
function mustStay(element: string, { columns }: Table, hasPrimary: boolean): boolean {
  if (!hasPrimary && element.startsWith("UNIQUE ")) return true;
  const counter = columns.find(({ isCounter }) => isCounter);
  return (
    counter !== undefined &&
    new RegExp(`KEY \`(?:[^\`]|\`\`)*\` \\(${literalName(counter.name)}[,)(]`).test(element)
  );
}

function literalName(name: string): string {
  return quoteName(name).replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** Takes a table's definition apart into what is made before its rows, and after them. */
export function stagesOf(table: Table, database: string): TableStages {
  const { head, elements, tail } = splitTable(table.create);
  const hasPrimary = elements.some((element) => element.startsWith("PRIMARY KEY"));
  const isLate = (element: string): boolean =>
    table.engine === "InnoDB" && SECONDARY.test(element) && !mustStay(element, table, hasPrimary);
  const foreign = elements.filter((element) => FOREIGN.test(element));
  const late = elements.filter(isLate);
  const stays = elements.filter((element) => !FOREIGN.test(element) && !isLate(element));
  const add = (some: readonly string[]): string =>
    `ALTER TABLE ${qualified(database, table.name)} ${some.map((element) => `ADD ${element}`).join(", ")}`;
  const usual = inChunks(
    late.filter((element) => !SPECIAL.test(element)),
    ADDED_AT_ONCE,
  );
  const special = late.filter((element) => SPECIAL.test(element)).map((element) => [element]);
  return {
    bare: `${head}\n  ${stays.join(",\n  ")}\n${tail}`,
    keys: [...usual, ...special].map(add),
    foreignKeys: foreign.length === 0 ? null : add(foreign),
  };
}

/** A definition without the number that its next row gets. */
export function withoutNext(create: string): string {
  const { head, elements, tail } = splitTable(create);
  return `${head}\n  ${elements.join(",\n  ")}\n${tail.replace(/ AUTO_INCREMENT=\d+/, "")}`;
}
