import mysql, { type RowDataPacket } from "mysql2/promise";
import type { Connection } from "./connection.ts";

const INSERT = "INSERT INTO price_changes (client_ref, product_id, price) VALUES (?, ?, ?)";
const PRODUCTS = 1_000;

/** Connects to the catalog's database. */
export async function connectCatalog(uri: string): Promise<Connection> {
  const session = await mysql.createConnection({ uri, connectTimeout: 3_000 });
  let lost = false;
  session.on("error", () => (lost = true));
  session.on("end", () => (lost = true));
  const [[server]] = await session.query<RowDataPacket[]>("SELECT VERSION() AS version");
  const { hostname: host, port, pathname } = new URL(uri);
  return {
    target: {
      host,
      port: Number(port),
      database: decodeURIComponent(pathname.slice(1)),
      version: `MariaDB ${/^[\d.]+/.exec(String(server?.["version"]))?.[0]}`,
    },
    async save(ref, isRetry) {
      const query = "SELECT 1 FROM price_changes WHERE client_ref = ?";
      const found = isRetry ? (await session.query<RowDataPacket[]>(query, [ref]))[0] : [];
      if (found.length === 0)
        await session.query(INSERT, [ref, 1 + (ref % PRODUCTS), 1 + (ref % 9_000) / 100]);
    },
    isLost: () => lost,
    close: async () => session.destroy(),
  };
}
