import { join } from "node:path";

/** The files of one shop, all in its folder. */
export interface ShopFiles {
  /** Variables that say where the database is; godwit.yaml names it as the application's env file. */
  readonly env: string;
  /** One JSON object for each attempt to write. */
  readonly journal: string;
  /** Holds the process number while the shop runs. */
  readonly pid: string;
  /** Holds the address of the status page while the shop runs. */
  readonly address: string;
}

/** Names the files of the shop in a folder. */
export function shopFiles(folder: string): ShopFiles {
  return {
    env: join(folder, "shop.env"),
    journal: join(folder, "shop.journal"),
    pid: join(folder, "shop.pid"),
    address: join(folder, "shop.address"),
  };
}
