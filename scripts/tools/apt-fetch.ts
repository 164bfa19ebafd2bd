import { existsSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { findDebianMirror } from "./debian-mirror.ts";
import { runCommand } from "./run-command.ts";

/** A Debian package to fetch with the libraries that it needs. */
export interface DebianPackage {
  readonly name: string;
  readonly suite: string;
  /** The version that was tested; when the archive has moved on, the newest one of the same major is taken. */
  readonly version: string;
  /** What a version of the same major begins with, epoch included. */
  readonly major: string;
  /** Packages taken as present, because the programs run without them (scripts, service files). */
  readonly without: readonly string[];
}

/**
 * Fetches a package and the libraries that it needs with the machine's own apt, and unpacks them to `root`.
 *
 * Nothing is installed and no privilege is needed: apt works in `workFolder` with its own state and lists,
 * and an empty record of installed packages. The mirror is the machine's own, signatures are checked against
 * Debian's keyring, and the machine's proxy settings hold.
 */
export async function fetchDebianPackage(
  wanted: DebianPackage,
  { root, workFolder }: { root: string; workFolder: string },
): Promise<void> {
  const conf = await prepareApt(wanted, workFolder);
  await runCommand("apt-get", "-c", conf, "--quiet", "update");
  const version = await chooseVersion(wanted, conf);
  await runCommand(
    "apt-get",
    "-c",
    conf,
    "--quiet",
    "--yes",
    "--download-only",
    "install",
    `${wanted.name}=${version}`,
  );
  await mkdir(root, { recursive: true });
  const archives = join(workFolder, "cache", "archives");
  for (const file of await readdir(archives)) {
    if (file.endsWith(".deb")) await runCommand("dpkg-deb", "--extract", join(archives, file), root);
  }
}

/** What this machine lacks for fetching, as the end of a sentence; undefined when it can. */
export function whyCannotFetch(): string | undefined {
  if (!isOnPath("apt-get") || !isOnPath("dpkg-deb")) return "this machine has no apt";
  if (!isOnPath("gpgv") && !isOnPath("sqv"))
    return "apt cannot check signatures here before gpgv is installed";
  return findDebianMirror()
    ? undefined
    : "the apt sources of this machine name no Debian mirror with Debian's keyring";
}

function isOnPath(program: string): boolean {
  return (process.env["PATH"] ?? "").split(delimiter).some((folder) => existsSync(join(folder, program)));
}

async function prepareApt(wanted: DebianPackage, folder: string): Promise<string> {
  const mirror = findDebianMirror();
  if (mirror === undefined) throw new Error(whyCannotFetch());
  await mkdir(join(folder, "state", "lists", "partial"), { recursive: true });
  await mkdir(join(folder, "cache", "archives", "partial"), { recursive: true });
  await mkdir(join(folder, "none"));
  await writeFile(
    join(folder, "sources.list"),
    `deb [signed-by=${mirror.keyring}] ${mirror.uri} ${wanted.suite} main\n`,
  );
  await writeFile(join(folder, "status"), wanted.without.map(presentPackage).join("\n"));
  const conf = join(folder, "apt.conf");
  const architecture = (await runCommand("dpkg", "--print-architecture")).trim();
  await writeFile(conf, aptConfiguration(folder, architecture));
  return conf;
}

function presentPackage(name: string): string {
  const fields = [
    "Status: install ok installed",
    "Architecture: all",
    "Multi-Arch: foreign",
    "Version: 9999",
  ];
  return `Package: ${name}\n${fields.join("\n")}\nMaintainer: none\nDescription: none\n`;
}

/** The `#clear` lines drop hooks that would touch the machine's own apt; root must not become _apt here. */
function aptConfiguration(folder: string, architecture: string): string {
  return `
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear APT::Architectures;
APT::Architecture "${architecture}";
APT::Architectures:: "${architecture}";
APT::Sandbox::User "root";
APT::Update::Error-Mode "any";
APT::Install-Recommends "false";
Acquire::GzipIndexes "false";
Acquire::Languages "none";
Acquire::Retries "2";
Acquire::http::Timeout "20";
Acquire::https::Timeout "20";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
Dir::State "${folder}/state";
Dir::State::status "${folder}/status";
Dir::Cache "${folder}/cache";
Dir::Etc::sourcelist "${folder}/sources.list";
Dir::Etc::sourceparts "${folder}/none";
Dir::Etc::preferences "${folder}/none/preferences";
Dir::Etc::preferencesparts "${folder}/none";
`;
}

async function chooseVersion(wanted: DebianPackage, conf: string): Promise<string> {
  const table = await runCommand("apt-cache", "-c", conf, "madison", wanted.name);
  const offered = table.split("\n").flatMap((line) => line.split("|")[1]?.trim() ?? []);
  if (offered.includes(wanted.version)) return wanted.version;
  const newest = offered.find((version) => version.startsWith(wanted.major));
  if (newest === undefined) throw new Error(`Debian ${wanted.suite} has no ${wanted.name} ${wanted.major}`);
  console.error(`${wanted.name}: the archive has moved on from ${wanted.version}; taking ${newest}.`);
  return newest;
}
