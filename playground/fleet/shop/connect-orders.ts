import { Client } from "pg";
import type { Connection, Variables } from "./connection.ts";

const INSERT = `
WITH placed AS (
  INSERT INTO orders (client_ref, customer_id, total, note) VALUES ($1, 1, 9.99, 'placed by the shop')
  ON CONFLICT (client_ref) DO NOTHING RETURNING id
)
INSERT INTO order_lines (order_id, line, sku, quantity, unit_price)
SELECT placed.id, 1, (SELECT sku FROM products LIMIT 1), 1, 9.99 FROM placed`;

/** Connects to the orders' database. */
export async function connectOrders(variables: Variables): Promise<Connection> {
  const client = new Client({
    connectionString: ordersUrl(variables),
    application_name: "shop",
    connectionTimeoutMillis: 3000,
    statement_timeout: 10_000,
  });
  let lost = false;
  client.on("error", () => (lost = true));
  client.on("end", () => (lost = true));
  await client.connect();
  const { rows } = await client.query<{ version: string }>(
    "SELECT current_setting('server_version') AS version",
  );
  const { host, port, database = "" } = client;
  return {
    target: { host, port, database, version: rows[0]?.version ?? "" },
    async save(ref, isRetry) {
      const found = isRetry ? await client.query("SELECT FROM orders WHERE client_ref = $1", [ref]) : null;
      if (!found?.rowCount) await client.query(INSERT, [ref]);
    },
    isLost: () => lost,
    close: () => client.end().catch(() => undefined),
  };
}

/** The single variables count; the URI stands in when they are missing. */
export function ordersUrl(variables: Variables): string {
  const value = (name: string) => variables[`POSTGRESQL_ADDON_${name}`] ?? "";
  if (value("HOST") === "") return value("URI");
  const url = new URL(`postgresql://${value("HOST")}:${value("PORT")}/${encodeURIComponent(value("DB"))}`);
  url.username = encodeURIComponent(value("USER"));
  url.password = encodeURIComponent(value("PASSWORD"));
  return url.href;
}
