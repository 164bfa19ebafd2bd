import type { z } from "zod";
import type { PlatformPolicy, Policy } from "../core/policy.ts";
import { id, list, record } from "../validation/fields.ts";

const slack = record({ users: list(id("U012AB3CD")), usergroups: list(id("S0ADMINS")) }).transform(
  ({ users, usergroups }): PlatformPolicy => ({ users, groups: usergroups }),
);

const discord = record({
  users: list(id('"100000000000000002"')),
  roles: list(id('"100000000000000001"')),
}).transform(({ users, roles }): PlatformPolicy => ({ users, groups: roles }));

const migrate = record({ slack: slack.optional(), discord: discord.optional() });

/** The `policy` section, as core judges people by it. */
export const policySchema: z.ZodType<Policy> = record({ migrate: migrate.prefault({}) })
  .transform(
    ({ migrate }): Policy => ({
      migrate: {
        ...(migrate.slack && { slack: migrate.slack }),
        ...(migrate.discord && { discord: migrate.discord }),
      },
    }),
  )
  .prefault({});
