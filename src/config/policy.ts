import type { z } from "zod";
import type { PlatformPolicy, Policy } from "../core/policy.ts";
import { list, record, slackId, snowflake } from "../validation/fields.ts";

const slack = record({ users: list(slackId("U012AB3CD")), usergroups: list(slackId("S0ADMINS")) }).transform(
  ({ users, usergroups }): PlatformPolicy => ({ users, groups: usergroups }),
);

const discord = record({
  users: list(snowflake('"100000000000000002"')),
  roles: list(snowflake('"100000000000000001"')),
}).transform(({ users, roles }): PlatformPolicy => ({ users, groups: roles }));

const lists = record({ slack: slack.optional(), discord: discord.optional() });
type Lists = z.output<typeof lists>;

/** The `policy` section, as core judges people by it. */
export const policySchema: z.ZodType<Policy> = record({
  migrate: lists.prefault({}),
  freeze: lists.optional(),
})
  .transform(
    ({ migrate, freeze }): Policy => ({
      migrate: perPlatform(migrate),
      ...(freeze && { freeze: perPlatform(freeze) }),
    }),
  )
  .prefault({});

function perPlatform({ slack, discord }: Lists): Policy["migrate"] {
  return { ...(slack && { slack }), ...(discord && { discord }) };
}
