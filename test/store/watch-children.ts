import { existsSync, readFileSync } from "node:fs";

const OFTEN_MS = 15;

/** What programs that a process started could be seen with by others of this machine. */
export interface ChildWatch {
  /** Ends the watch; arguments and environment of each program, once. Null where the system does not show them. */
  end(): readonly string[] | null;
}

/** Watches the children of a process, and theirs, until told to end. Linux shows them in /proc. */
export function watchChildren(pid: number): ChildWatch {
  const seen = new Map<number, string>();
  const look = () => {
    for (const child of descendants(pid)) {
      const text = describe(child, pid);
      if (text !== "") seen.set(child, text);
    }
  };
  const timer = setInterval(look, OFTEN_MS);
  return {
    end() {
      clearInterval(timer);
      return existsSync("/proc/self/environ") ? [...seen.values()] : null;
    },
  };
}

function descendants(pid: number): number[] {
  const children = read(pid, `task/${pid}/children`).split(" ").filter(Boolean).map(Number);
  return children.flatMap((child) => [child, ...descendants(child)]);
}

/** Empty until the child is a program of its own: before that it shows its parent's environment. */
function describe(pid: number, parent: number): string {
  const command = read(pid, "cmdline");
  if (command === "" || command === read(parent, "cmdline")) return "";
  return [command, read(pid, "environ")].join("\0").replaceAll("\0", " ");
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return ""; // It has ended meanwhile.
  }
}
