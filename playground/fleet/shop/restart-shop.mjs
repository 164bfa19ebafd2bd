// Restarts the sample shop: the command that godwit.yaml names. Plain JavaScript, so that it starts at once.
// Usage: node restart-shop.mjs FOLDER; ends with 0 when the shop is connected to the database again.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const [folder = "."] = process.argv.slice(2);
const address = readFileSync(join(folder, "shop.address"), "utf8").trim();
const response = await fetch(`${address}/restart`, { method: "POST", signal: AbortSignal.timeout(15_000) });
const { connectedTo } = await response.json();
if (response.ok)
  console.log(`shop: connected to version ${connectedTo?.version} on port ${connectedTo?.port}`);
else console.error("shop: not connected within ten seconds");
process.exitCode = response.ok ? 0 : 1;
