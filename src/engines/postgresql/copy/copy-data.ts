import type { CopyReport, DatabasePair, EngineCall, FenceHold } from "../../../core/ports/engine.ts";
import { markBuilt } from "../built-mark.ts";
import { readLocale } from "../create-database.ts";
import { buildPostData } from "../schema/build-post-data.ts";
import type { SchemaTools } from "../schema/copy-schema.ts";
import { asAdmin, asOwner, withSession } from "../session.ts";
import { readTables, type Table } from "../tables.ts";
import { copyLargeObjects } from "./large-objects.ts";
import { moveRows } from "./move-rows.ts";
import { planParts } from "./parts.ts";
import { prepareTarget } from "./prepare-target.ts";
import { readFilledViews, refreshViews } from "./refresh-views.ts";
import { readSequences, type SequenceState, writeSequences } from "./sequences.ts";

const NAME = "godwit copy";

/** What is on the source and must come over; it cannot change under the fence. */
interface Inventory {
  readonly tables: readonly Table[];
  readonly sequences: readonly SequenceState[];
  readonly views: readonly string[];
  readonly encoding: string;
  readonly version: number;
}

function takeInventory({ source }: DatabasePair, signal: AbortSignal): Promise<Inventory> {
  return withSession(asAdmin(source.server, source.database), { name: NAME, signal }, async (client) => ({
    tables: await readTables(client),
    sequences: await readSequences(client),
    views: await readFilledViews(client),
    encoding: (await readLocale(client, source.database)).encoding,
    version: Number((await client.query("SHOW server_version_num")).rows[0].server_version_num),
  }));
}

/** Large objects go over one pair of sessions; most databases have none. */
function moveLargeObjects({ source, target }: DatabasePair, call: EngineCall): Promise<{ bytes: number }> {
  const options = { name: NAME, signal: call.signal };
  return withSession(asAdmin(source.server, source.database), options, (from) =>
    withSession(asOwner(target), options, (to) => copyLargeObjects(from, to)),
  );
}

/** What depends on the rows: sequences and materialised views. */
function finishData({ target }: DatabasePair, inventory: Inventory, call: EngineCall): Promise<void> {
  return withSession(asOwner(target), { name: NAME, signal: call.signal }, async (owner) => {
    call.report({ label: "setting sequences" });
    await writeSequences(owner, inventory.sequences);
    if (inventory.views.length > 0) call.report({ label: "refreshing materialised views" });
    await refreshViews(owner, inventory.views);
  });
}

/** Copies everything under the fence; whatever an earlier attempt left on the target is thrown away. */
export async function copyData(
  pair: DatabasePair,
  hold: FenceHold,
  { call, tools }: { readonly call: EngineCall; readonly tools: SchemaTools },
): Promise<CopyReport> {
  const startedAt = performance.now();
  await hold.assertAlive();
  call.report({ label: "preparing the new database" });
  const inventory = await takeInventory(pair, call.signal);
  const { schema } = await prepareTarget(pair, tools.client, { hold, tables: inventory.tables.length, call });
  const { jobs } = tools;
  const parts = planParts(inventory.tables, { workers: jobs, sourceVersion: inventory.version });
  const moved = await moveRows(pair, parts, { call, jobs, encoding: inventory.encoding });
  call.report({ label: "copying large objects" });
  const objects = await moveLargeObjects(pair, call);
  const { postData } = await schema;
  await markBuilt(pair.target, call.signal);
  await buildPostData(pair.target, postData, { call, jobs });
  await finishData(pair, inventory, call);
  await hold.assertAlive();
  return {
    tables: inventory.tables.length,
    rows: moved.rows,
    bytes: moved.bytes + objects.bytes,
    milliseconds: Math.round(performance.now() - startedAt),
  };
}
