import { describe, expect, it } from "vitest";
import { describeEngineContract } from "../../contracts/engine-contract.ts";
import { aSubject } from "./make-subject.ts";
import { startStandIn } from "./stand-in.ts";

const [from = "", to = ""] = (process.env["MONGODB_TEST_URLS"] ?? "").split(",");

describeEngineContract("MongoDB's driver and a stand-in at the wire", async (kind) => {
  const servers = [await startStandIn(), await startStandIn()] as const;
  const stop = async () => void (await Promise.all(servers.map((each) => each.stop())));
  return aSubject([servers[0].url, servers[1].url], kind, stop);
});

// Defined only where MONGODB_TEST_URLS names two servers, as CONTRIBUTING.md says; docs/known-limits.md says what is unproved.
if (from !== "" && to !== "")
  describeEngineContract("MongoDB on real servers", (kind) => aSubject([from, to], kind));

describe("MONGODB_TEST_URLS", () => {
  it("names two servers or none", () => {
    expect(from === "").toBe(to === "");
  });
});
