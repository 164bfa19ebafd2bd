import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import packaged from "@sparticuz/chromium";
import { type Browser, chromium, type Page } from "playwright-core";

const root = fileURLToPath(new URL("../../", import.meta.url));
const screenshotFolder = join(root, ".cache", "screenshots");

/** `width` and `height` of the window in CSS pixels. */
export interface WindowSize {
  readonly width: number;
  readonly height: number;
}

/** A Chromium that ends, with everything it unpacked, on `close`. */
export interface RunningBrowser {
  /** A window of its own, with no cookies and no history; 1440 by 900 unless told otherwise. */
  newPage(size?: WindowSize): Promise<Page>;
  close(): Promise<void>;
}

/** Arguments of the package that suit one short-lived function and would hide defects of a page. */
const unwanted = new Set([
  "--single-process",
  "--no-zygote",
  "--disable-web-security",
  "--allow-running-insecure-content",
]);
const ownArguments = [
  "--no-sandbox",
  "--no-proxy-server",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
];

/** Starts the Chromium that npm installed. It needs no library of the system beyond glibc, and reaches no network. */
export async function startBrowser(): Promise<RunningBrowser> {
  const folder = await mkdtemp(join(tmpdir(), "godwit-browser-"));
  try {
    const browser = await launch(folder);
    return {
      newPage: async (viewport = { width: 1440, height: 900 }) =>
        browser.newPage({ viewport, locale: "en-GB" }),
      close: async () => {
        await browser.close();
        await remove(folder);
      },
    };
  } catch (error) {
    await remove(folder);
    throw error;
  }
}

/** Runs with one window of a browser of its own. Several runs share one by `startBrowser`. */
export async function withBrowser<T>(run: (page: Page) => Promise<T>, size?: WindowSize): Promise<T> {
  const browser = await startBrowser();
  try {
    return await run(await browser.newPage(size));
  } finally {
    await browser.close();
  }
}

/** Writes `.cache/screenshots/NAME.png` and resolves to its path. */
export async function screenshot(page: Page, name: string): Promise<string> {
  await mkdir(screenshotFolder, { recursive: true });
  const path = join(screenshotFolder, `${name}.png`);
  await page.screenshot({ path, animations: "disabled" });
  return path;
}

async function launch(folder: string): Promise<Browser> {
  await unpack(folder);
  const libraries = [join(folder, "al2023", "lib"), process.env.LD_LIBRARY_PATH ?? ""].filter(Boolean);
  return chromium.launch({
    executablePath: join(folder, "chromium"),
    args: [...packaged.args.filter((argument) => !unwanted.has(argument)), ...ownArguments],
    env: {
      ...process.env,
      HOME: folder,
      TMPDIR: folder,
      FONTCONFIG_PATH: join(folder, "fonts"),
      LD_LIBRARY_PATH: libraries.join(":"),
    },
  });
}

/**
 * The package unpacks into the system's temporary folder, and its libraries only where it sees Amazon Linux
 * (@sparticuz/chromium, README): a process of its own is told both.
 */
async function unpack(folder: string): Promise<void> {
  const script = 'import chromium from "@sparticuz/chromium"; await chromium.executablePath();';
  await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], {
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: "", TMPDIR: folder, AWS_LAMBDA_JS_RUNTIME: "nodejs20.x" },
  });
  await writeFile(join(folder, "fonts", "fonts.conf"), fontsConfig(folder));
}

/** The package's fonts first, then those of the system. */
function fontsConfig(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(folder, "fonts")}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${join(folder, "fonts-cache")}</cachedir>
</fontconfig>
`;
}

async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}
