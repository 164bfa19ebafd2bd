import type pg from "pg";
import { isUserSchema, notOfExtension, qualified } from "../sql.ts";

interface View {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  /** Materialised views that it reads, directly or through other views. */
  readonly needs: readonly string[];
}

const VIEWS = `
  WITH RECURSIVE reads AS (
    SELECT DISTINCT r.ev_class AS reader, d.refobjid AS read
    FROM pg_rewrite r JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
      AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> r.ev_class
  ), reach AS (
    SELECT reader, read FROM reads
    UNION
    SELECT reach.reader, reads.read FROM reach
      JOIN pg_class c ON c.oid = reach.read AND c.relkind IN ('v', 'm') JOIN reads ON reads.reader = reach.read
  )
  SELECT c.oid::text AS oid, n.nspname AS schema, c.relname AS name,
    array(SELECT m.oid::text FROM reach JOIN pg_class m ON m.oid = reach.read AND m.relkind = 'm'
      WHERE reach.reader = c.oid AND m.oid <> c.oid) AS needs
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'm' AND c.relispopulated AND ${isUserSchema("n.nspname")}
    AND ${notOfExtension("pg_class", "c.oid")}
  ORDER BY c.oid`;

/** Puts each view behind those that it reads. */
function inOrder(views: readonly View[]): View[] {
  const left = new Map(views.map((view) => [view.oid, view]));
  const ordered: View[] = [];
  while (left.size > 0) {
    const ready = [...left.values()].filter((view) => !view.needs.some((oid) => left.has(oid)));
    for (const view of ready.length > 0 ? ready : [...left.values()]) {
      ordered.push(view);
      left.delete(view.oid);
    }
  }
  return ordered;
}

/** Materialised views that hold data on the source, quoted, in the order in which to fill them. */
export async function readFilledViews(source: pg.Client): Promise<string[]> {
  const { rows } = await source.query<View>(VIEWS);
  return inOrder(rows).map(({ schema, name }) => qualified(schema, name));
}

/** Fills the target's materialised views; pg_dump's schema leaves them empty. */
export async function refreshViews(target: pg.Client, views: readonly string[]): Promise<void> {
  for (const view of views) await target.query(`REFRESH MATERIALIZED VIEW ${view}`);
}
