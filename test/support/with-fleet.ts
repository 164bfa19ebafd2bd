import { createOrders, type OrdersDatabase } from "../../playground/fleet/create-orders.ts";
import { makeGuardedFolder } from "../../playground/fleet/make-guarded-folder.ts";
import { type Fleet, type FleetMajor, startFleet } from "../../playground/fleet/start-fleet.ts";
import { type Shop, startShop } from "../../playground/fleet/start-shop.ts";
import { type FleetConfig, writeFleetConfig } from "../../playground/fleet/write-fleet-config.ts";

/** A fleet of a test's own, with the orders on its first server. */
export interface TestFleet {
  readonly fleet: Fleet;
  readonly orders: OrdersDatabase;
  readonly shop: Shop;
  readonly config: FleetConfig;
  /** Temporary; removed at the end. */
  readonly folder: string;
}

/** How large the fleet is. */
export interface TestFleetOptions {
  /** The first one holds the orders; default 15 and 18. */
  readonly majors?: readonly [FleetMajor, ...FleetMajor[]];
  /** Default 2,000. */
  readonly rows?: number;
  /** The shop's writes a second; default 50. */
  readonly rate?: number;
}

/** Runs a test body with servers, data, a writing shop and a godwit.yaml, and takes all of it away again. */
export async function withFleet<T>(
  options: TestFleetOptions,
  body: (fleet: TestFleet) => Promise<T>,
): Promise<T> {
  const { majors = [15, 18], rows = 2000, rate = 50 } = options;
  const guarded = await makeGuardedFolder("fleet");
  const folder = guarded.path;
  let fleet: Fleet | undefined;
  let shop: Shop | undefined;
  try {
    fleet = await startFleet({ majors });
    const orders = await createOrders(fleet.server(majors[0]), { rows });
    shop = await startShop({ folder, orders, rate });
    const config = await writeFleetConfig({ folder, fleet, orders, major: majors[0], shopFolder: folder });
    return await body({ fleet, orders, shop, config, folder });
  } finally {
    await shop?.stop();
    await fleet?.stop();
    await guarded.remove();
  }
}
