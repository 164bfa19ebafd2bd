import { rmSync, writeFileSync } from "node:fs";
import { shopFiles } from "./files.ts";
import { Journal } from "./journal.ts";
import { serveStatus } from "./serve-status.ts";
import { Writer } from "./writer.ts";

/*
 * The sample fleet's application: takes orders all the time and writes down what it told its customers.
 * Started by `startShop` as `shop.ts FOLDER WRITES_PER_SECOND`; ends when its standard input ends, so that
 * it never outlives the demo or the test that started it.
 */
const [folder = ".", rate = "50"] = process.argv.slice(2);
const files = shopFiles(folder);
const journal = new Journal(files.journal);
const writer = new Writer({ envFile: files.env, journal, rate: Number(rate) });
const { server, url } = await serveStatus({ journal, writer });

process.stdin.resume().on("end", stop);
process
  .on("SIGTERM", stop)
  .on("SIGINT", () => undefined)
  .on("SIGHUP", () => writer.restart());
writeFileSync(files.pid, `${process.pid}\n`);
writeFileSync(files.address, `${url}\n`);
await writer.run();
process.exit(0);

function stop(): void {
  writer.stop();
  server.close();
  for (const file of [files.pid, files.address]) rmSync(file, { force: true });
}
