import { expect } from "vitest";
import { describeProviderContract } from "../../contracts/provider-contract.ts";
import { aPlatform, orders, planId } from "./helpers/a-platform.ts";

describeProviderContract("an organisation at Clever Cloud", async () => {
  const { clever, provider, lines } = await aPlatform();
  const addon = orders(clever);
  clever.seedApplication({ name: "shop", linkedTo: [addon], env: { OLD_URL: addon.access.host } });
  const target = { planId: planId(addon, "m_med"), version: "17", zone: "par", strategy: "dump" } as const;
  const secrets = [addon.access.password, clever.token];
  const close = async () => expect(clever.violations).toEqual([]);
  return { provider, addonId: addon.id, target, secrets, logged: () => lines, close };
});
