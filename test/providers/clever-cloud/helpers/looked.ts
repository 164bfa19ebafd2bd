import type { Finding, PreflightReport } from "../../../../src/core/preflight.ts";
import type { Target } from "../../../../src/core/target.ts";
import { aPlatform, NEVER, planId, readAddon, type TestPlatform } from "./a-platform.ts";

type Seed = Parameters<TestPlatform["clever"]["seedAddon"]>[0];

/** Preflight of an add-on as the test describes it; by default of a refresh. */
export async function looked(
  seed: Seed,
  target: Partial<Target> & { readonly plan?: string } = {},
  arrange: (platform: TestPlatform, addon: ReturnType<TestPlatform["clever"]["seedAddon"]>) => void = () =>
    undefined,
) {
  const platform = await aPlatform({ config: () => ({ elasticsearch: true }) });
  const given = platform.clever.seedAddon({ name: "orders", ...seed });
  arrange(platform, given);
  const addon = await readAddon(platform.provider, given.id);
  const { plan, ...rest } = target;
  const chosen = plan === undefined ? addon.plan.id : planId(given, plan);
  const wanted = {
    planId: chosen,
    version: addon.version,
    zone: addon.zone,
    strategy: "dump",
    ...rest,
  } as const;
  const report = await platform.provider.preflight(addon, wanted, NEVER);
  return { ...platform, given, report };
}

/** The finding of a check, if there is one. */
export const find = ({ findings }: PreflightReport, check: string): Finding | undefined =>
  findings.find((finding) => finding.check === check);
