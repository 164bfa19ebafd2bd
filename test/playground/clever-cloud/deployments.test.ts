import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type Addon,
  type Application,
  type LocalCleverCloud,
  startLocalCleverCloud,
} from "../../../playground/clever-cloud/index.ts";
import { Connection } from "./connection.ts";

const longMs = 60_000;

describe("linked applications", () => {
  let clever: LocalCleverCloud;
  let connection: Connection;
  let addon: Addon;
  let shop: Application;

  beforeEach(async () => {
    clever = await startLocalCleverCloud({ clock: "hand" });
    connection = new Connection(clever);
    addon = clever.seedAddon();
    shop = clever.seedApplication({ name: "shop", linkedTo: [addon] });
  });

  afterEach(() => clever.close());

  const listed = async (query = ""): Promise<unknown> =>
    (await connection.get(connection.application(shop, `/deployments${query}`))).body;

  const migrate = async (): Promise<void> => {
    await connection.migrate(addon);
    clever.advance(longMs);
  };

  test("are restarted by the platform after UPDATE_ADDON, each once", async () => {
    const unlinked = clever.seedApplication();
    await migrate();
    const update = clever.migrationsOf(addon)[0]?.steps.find(({ value }) => value === "UPDATE_ADDON");

    expect(await listed()).toEqual([
      {
        uuid: expect.stringMatching(/^deployment_/),
        id: 1,
        date: (update?.endedAtMs ?? 0) + 20,
        state: "OK",
        action: "DEPLOY",
        commit: shop.commit,
        cause: expect.any(String),
        instances: 1,
        author: expect.objectContaining({ id: expect.stringMatching(/^user_/) }),
      },
    ]);
    expect(clever.deploymentsOf(unlinked)).toEqual([]);
  });

  test("are left alone when stopped", async () => {
    const stopped = clever.seedApplication({ linkedTo: [addon], isStopped: true });
    await migrate();

    expect(clever.deploymentsOf(stopped)).toEqual([]);
    expect((await connection.get(connection.application(stopped))).body).toMatchObject({
      state: "SHOULD_BE_DOWN",
    });
  });

  test("are left alone by a migration that goes back early, and restarted again by a late one", async () => {
    clever.scenarios.failAndRecover({ at: "DUMP_AND_RESTORE" });
    await migrate();
    expect(clever.deploymentsOf(shop)).toEqual([]);

    clever.scenarios.failAndRecover({ at: "STOP_SOURCE_INSTANCE" });
    await migrate();
    expect(clever.deploymentsOf(shop)).toHaveLength(2);
  });

  test("a deployment waits, works and ends, in the words of both versions of the API", async () => {
    const reply = await connection.post(connection.application(shop, "/instances?useCache=no"));
    const { deploymentId } = reply.body as { deploymentId: string };
    const v4 = async (): Promise<unknown> => {
      const path = `/v4/orchestration/organisations/${clever.owner}/applications/${shop.id}/deployments`;
      return (await connection.get(`${path}/${deploymentId}`)).body;
    };

    expect(reply.status).toBe(200);
    expect(await v4()).toMatchObject({ id: deploymentId, state: "QUEUED", steps: [{ state: "QUEUED" }] });
    expect(await listed()).toMatchObject([{ uuid: deploymentId, state: "WIP" }]);
    clever.advance(30);
    expect(await v4()).toMatchObject({ state: "WORK_IN_PROGRESS" });
    clever.advance(30);
    expect(await v4()).toMatchObject({
      ownerId: clever.owner,
      applicationId: shop.id,
      startDate: "2026-11-23T09:00:00.000Z",
      state: "SUCCEEDED",
      steps: [{ state: "QUEUED" }, { state: "WORK_IN_PROGRESS" }, { state: "SUCCEEDED" }],
    });
    expect(await listed()).toMatchObject([{ uuid: deploymentId, state: "OK" }]);
    expect(clever.violations).toEqual([]);
  });

  test("a deployment can fail, be cancelled, or never begin", async () => {
    clever.scenarios.deployments(shop, "FAIL", "CANCELLED", "never");
    await migrate();
    expect(await listed()).toMatchObject([{ id: 1, state: "FAIL" }]);
    await migrate();
    expect(await listed("?limit=1")).toMatchObject([{ id: 2, state: "CANCELLED" }]);
    await migrate();
    expect(await listed()).toHaveLength(2);
    await migrate();
    expect(await listed("?action=DEPLOY")).toMatchObject([{ id: 3, state: "OK" }, { id: 2 }, { id: 1 }]);
    expect(await listed("?action=UNDEPLOY")).toEqual([]);
    expect(await listed("?limit=1&offset=1")).toMatchObject([{ id: 2 }]);
  });

  test("another commit can be asked for", async () => {
    await connection.post(connection.application(shop, "/instances?commit=abc"));

    expect(await listed()).toMatchObject([{ commit: "abc" }]);
    expect(shop.commit).toMatch(/^[0-9a-f]{40}$/);
  });

  test("a second deployment while one is under way is a violation", async () => {
    const path = connection.application(shop, "/instances");
    await connection.post(path);
    await connection.post(path);

    expect(clever.violations).toMatchObject([{ error: "double-deployment" }]);
    clever.advance(longMs);
    await connection.post(path);
    expect(clever.violations).toHaveLength(1);
  });

  test("an unknown deployment or application answers 404", async () => {
    const base = `/v4/orchestration/organisations/${clever.owner}/applications`;

    expect(await connection.get(`${base}/${shop.id}/deployments/deployment_x`)).toMatchObject({
      status: 404,
    });
    expect(await connection.get(`${base}/app_x/deployments/deployment_x`)).toMatchObject({ status: 404 });
    expect(
      await connection.post(`/v2/organisations/${clever.owner}/applications/app_x/instances`),
    ).toMatchObject({
      status: 404,
      body: { id: 4002 },
    });
  });
});
