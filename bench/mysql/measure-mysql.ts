import { writeFile } from "node:fs/promises";
import { loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import mysql from "mysql2/promise";
import { type MysqlServer, startMysql } from "../../playground/servers/mysql.ts";
import { ensureMysqlClients } from "../../scripts/tools/ensure-tools.ts";
import { formatBytes } from "../../src/core/format.ts";
import { endedChildrenCpuSeconds, serverCpuSeconds } from "../measure.ts";
import { buildGodwit } from "../methods.ts";
import { type MysqlMethod, mysqlMethods } from "./methods-mysql.ts";

/** How much is measured. 1 is 4,194,304 rows in all. */
interface Size {
  readonly scale: number;
  readonly runs: number;
  readonly jobs: number;
}

interface Run {
  readonly method: string;
  readonly seconds: number;
  /** Of both servers and all programs. */
  readonly cpuSeconds: number;
  readonly load: number;
  /** Of `godwit copy`: where its seconds go. */
  readonly phases?: Readonly<Record<string, number>>;
  /** Of its largest program. */
  readonly peakBytes: number;
}

const SETTINGS = {
  "innodb-buffer-pool-size": "512M",
  "innodb-log-file-size": "512M",
  "innodb-flush-log-at-trx-commit": "1",
  "innodb-doublewrite": "1",
};
const RESULTS = fileURLToPath(new URL("../RESULTS-mysql.md", import.meta.url));
const DATABASE = "bench";

async function run(url: string, statements: readonly string[]): Promise<void> {
  const session = await mysql.createConnection(url);
  try {
    for (const statement of statements) await session.query(statement);
  } finally {
    await session.end();
  }
}

/** Four tables of equal size, with keys as applications have them. */
async function fill(server: MysqlServer, scale: number): Promise<number> {
  const rowsPerTable = 2 ** Math.round(Math.log2(2 ** 20 * scale));
  const insert =
    "INSERT INTO %s (customer, note, amount, at) SELECT UUID(), REPEAT(MD5(RAND()), 3), RAND() * 1000, NOW(6)";
  const statements = ["a", "b", "c", "d"].flatMap((letter) => {
    const table = `${DATABASE}.orders_${letter}`;
    const grow = Array.from({ length: Math.log2(rowsPerTable) }, () => `${insert} FROM %s`);
    return [
      "CREATE TABLE %s (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, customer char(36) NOT NULL, note varchar(200), amount decimal(12,2), at datetime(6))",
      insert,
      ...grow,
      "ALTER TABLE %s ADD KEY customer (customer), ADD KEY at (at), ADD KEY amount (amount, at)",
    ].map((statement) => statement.replaceAll("%s", table));
  });
  await run(server.url, [`CREATE DATABASE ${DATABASE}`, ...statements]);
  return rowsPerTable * 4;
}

async function runOnce(
  method: MysqlMethod,
  {
    from,
    to,
    jobs,
    programs,
  }: { from: MysqlServer; to: MysqlServer; jobs: number; programs: ReadonlyMap<string, string> },
): Promise<Run> {
  await run(to.url, [
    "DROP DATABASE IF EXISTS copy",
    ...(method.makesDatabase ? [] : ["CREATE DATABASE copy"]),
  ]);
  const cpu = (): number => serverCpuSeconds(from.pid) + serverCpuSeconds(to.pid) + endedChildrenCpuSeconds();
  const [before, startedAt] = [cpu(), performance.now()];
  const { stdout, peaks } = await method.run({
    from: from.url,
    to: to.url,
    database: DATABASE,
    jobs,
    programs,
  });
  const seconds = (performance.now() - startedAt) / 1000;
  const phases = phasesOf(stdout);
  const peakBytes = Math.max(...Object.values(peaks));
  const load = loadavg()[0] ?? 0;
  const measured = { method: method.name, seconds, cpuSeconds: cpu() - before, load, peakBytes };
  return phases === undefined ? measured : { ...measured, phases };
}

/** As `godwit copy --json` tells them in its last line. */
function phasesOf(stdout: string): Run["phases"] {
  const line = stdout.trim().split("\n").at(-1) ?? "";
  return line.startsWith("{") ? (JSON.parse(line) as Pick<Run, "phases">).phases : undefined;
}

function phaseLine(runs: readonly Run[]): string {
  const phases = runs.flatMap((each) => (each.phases === undefined ? [] : [each.phases]));
  const parts = Object.keys(phases[0] ?? {}).map(
    (name) => `${name} ${median(phases.map((each) => each[name] ?? 0)).toFixed(1)} s`,
  );
  const peak = formatBytes(
    Math.max(...runs.filter(({ phases }) => phases).map(({ peakBytes }) => peakBytes)),
  );
  return `Where godwit copy's time goes: ${parts.join(", ")}; the rest is starting Node and opening the source again. It holds ${peak} of memory at most.`;
}

function median(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function render(
  runs: readonly Run[],
  { rows, notes, size }: { rows: number; notes: string[]; size: Size },
): string {
  const of = (method: string, key: "seconds" | "cpuSeconds"): number =>
    median(runs.filter((each) => each.method === method).map((each) => each[key]));
  const lines = mysqlMethods.map(({ name }) => {
    const ratios = (["seconds", "cpuSeconds"] as const).map((key) => of("godwit copy", key) / of(name, key));
    const figures = [of(name, "seconds"), of(name, "cpuSeconds")].map((value) => value.toFixed(1));
    return `| ${[name, ...figures, ...ratios.map((ratio) => ratio.toFixed(2))].join(" | ")} |`;
  });
  const load = median(runs.map((each) => each.load)).toFixed(1);
  return `# MySQL and MariaDB

\`npm run bench -- --engine mysql --scale ${size.scale} --runs ${size.runs} --jobs ${size.jobs}\`: ${rows.toLocaleString("en-US")}
rows in four tables with three secondary keys each, from MariaDB 10.11 to 11.8 on one machine, ${size.runs === 1 ? "one run" : `medians of ${size.runs} runs`} of each in turn.
CPU is that of both servers and all programs. \`godwit copy\` also fences, tries all definitions, and compares every row;
the others prove nothing. Load of the machine meanwhile: ${load}. Goals: at most 0.60 of \`mariadb-dump | mariadb\`, at most
1.00 of mydumper and myloader.

| method | seconds | CPU seconds | godwit / this, wall | godwit / this, CPU |
| --- | --: | --: | --: | --: |
${lines.join("\n")}

${phaseLine(runs)}
${notes.length === 0 ? "" : `\n${notes.map((note) => `- ${note}`).join("\n")}\n`}`;
}

/** Measures every method in turn and writes the medians and their ratios. */
export async function measureMysql(size: Size): Promise<void> {
  const [programs] = await Promise.all([ensureMysqlClients(), buildGodwit()]);
  const servers = [
    await startMysql("mariadb-10.11", SETTINGS),
    await startMysql("mariadb-11.8", SETTINGS),
  ] as const;
  const [runs, notes] = [[] as Run[], [] as string[]];
  try {
    const rows = await fill(servers[0], size.scale);
    for (let round = 0; round < size.runs; round += 1) {
      for (const method of mysqlMethods) {
        const job = { from: servers[0], to: servers[1], jobs: size.jobs, programs };
        const measured = await runOnce(method, job).catch((error: unknown) => {
          notes.push(`${method.name}: ${(error as Error).message.slice(0, 300).replaceAll(/\s+/g, " ")}`);
          return null;
        });
        if (measured !== null) runs.push(measured);
        console.error(JSON.stringify(measured));
      }
    }
    await writeFile(RESULTS, render(runs, { rows, notes, size }));
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}
