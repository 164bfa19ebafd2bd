import { afterAll, describe, it } from "vitest";
import type { DatabaseAccess } from "../../../src/core/ports/engine.ts";
import { Secret } from "../../../src/core/secret.ts";
import { grantPattern, quoteAccount, quoteText } from "../../../src/engines/mysql/sql.ts";
import { asRoot } from "./databases.ts";
import { aSource, dropSources, expectFinding, look } from "./preflight-troubles.ts";

afterAll(dropSources);

describe("preflight looks at who may do what", () => {
  async function withUser(
    source: DatabaseAccess,
    grants: readonly string[],
    work: () => Promise<void>,
  ): Promise<void> {
    const account = quoteAccount({ user: `g_${source.database.slice(-8)}`, host: "%" });
    await asRoot(source, async (root) => {
      await root.run(`CREATE USER ${account} IDENTIFIED BY 'Guest-pass-1'`);
      try {
        for (const grant of grants) await root.run(`${grant} TO ${account}`);
        await work();
      } finally {
        await root.run(`DROP USER ${account}`);
      }
    });
  }

  it("names users that are not carried over", async () => {
    const source = await aSource("mariadb-10.11");
    await withUser(source, [`GRANT SELECT ON ${grantPattern(source.database)}.*`], async () => {
      expectFinding(await look(source, { to: "mariadb-11.8" }), "other-users", "warning");
    });
  });

  it("warns of users whom no right stops, and refuses an application of that kind", async () => {
    const source = await aSource("mariadb-10.11");
    await withUser(source, ["GRANT INSERT ON *.*"], async () => {
      expectFinding(await look(source, { to: "mariadb-11.8" }), "others-above-rights", "warning");
      const username = `g_${source.database.slice(-8)}`;
      const findings = await look({ ...source, username }, { to: "mariadb-11.8" });
      expectFinding(findings, "application-above-rights", "blocker");
    });
  });

  it("refuses rights that were granted by a pattern", async () => {
    const source = await aSource("mariadb-10.11");
    const pattern = `%${source.database.slice(-8)}`;
    await withUser(source, [`GRANT INSERT ON \`${pattern}\`.*`], async () => {
      expectFinding(await look(source, { to: "mariadb-11.8" }), "rights-by-pattern", "blocker");
    });
  });

  it("warns of definers whom the new server does not know, and of routines that run above all rights", async () => {
    const source = await aSource("mariadb-10.11");
    await asRoot(source, (root) => root.run("CREATE PROCEDURE by_root() SQL SECURITY DEFINER SELECT 1"));
    const findings = await look(source, { to: "mariadb-11.8" });
    expectFinding(findings, "definers", "warning");
    expectFinding(findings, "routines-above-rights", "warning");
  });

  it("warns of an application that logs in by another method", async () => {
    const source = await aSource("mysql-9");
    const account = quoteAccount({ user: source.username, host: "%" });
    const password = quoteText(source.password.reveal());
    await asRoot(source, (root) =>
      root.run(`ALTER USER ${account} IDENTIFIED WITH sha256_password BY ${password}`),
    );
    expectFinding(await look(source, { to: "mysql-9" }), "authentication", "warning");
  });

  it("refuses an administrator who cannot fence", async () => {
    const source = await aSource("mariadb-10.11");
    const url = new URL(source.server.adminUrl.reveal());
    await withUser(source, ["GRANT SELECT, PROCESS, REPLICATION CLIENT ON *.*"], async () => {
      url.username = `g_${source.database.slice(-8)}`;
      url.password = "Guest-pass-1";
      const limited = { ...source, server: { id: "limited", adminUrl: new Secret(url.href) } };
      expectFinding(await look(limited, { to: "mariadb-11.8" }), "administrator", "blocker");
    });
  });
});
