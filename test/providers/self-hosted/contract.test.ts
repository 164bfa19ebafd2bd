import { describeProviderContract } from "../../contracts/provider-contract.ts";
import { aFleet } from "./helpers/a-fleet.ts";

describeProviderContract("a self-hosted fleet", async () => {
  const { provider } = await aFleet();
  const target = { planId: "pg-m", version: "18", zone: "par", strategy: "dump" } as const;
  return { provider, addonId: "addon_orders", target };
});
