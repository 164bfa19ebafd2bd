import { fileURLToPath } from "node:url";

/** The command that restarts the shop of a folder: `node restart-shop.mjs FOLDER`. */
export function restartCommand(shopFolder: string): string[] {
  const program = fileURLToPath(new URL("./shop/restart-shop.mjs", import.meta.url));
  return [process.execPath, program, shopFolder];
}
