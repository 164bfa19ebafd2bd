import { describeProviderContract } from "../../contracts/provider-contract.ts";
import { aFleet } from "./helpers/a-fleet.ts";

describeProviderContract("a self-hosted fleet", async () => {
  const { provider, lines } = await aFleet();
  const target = { planId: "pg-m", version: "18", zone: "par", strategy: "dump" } as const;
  const secrets = ["hunter2", "old-password"];
  return { provider, addonId: "addon_orders", target, secrets, logged: () => lines };
});
