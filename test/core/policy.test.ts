import { expect, it } from "vitest";
import { freeze } from "../../commands/freeze.ts";
import { optionsOfWords } from "../../src/core/command.ts";
import type { Member } from "../../src/core/member.ts";
import { judgeMember, namedIn, type Policy } from "../../src/core/policy.ts";

const dba: Member = {
  platform: "slack",
  workspace: "T1",
  id: "U1",
  name: "alice",
  kind: "member",
  groups: ["S0DBA"],
};
const onCall: Member = { ...dba, id: "U2", groups: ["S0ONCALL"] };
const lists = (...groups: string[]) => ({ slack: { users: [], groups } });

it("lets those freeze who may migrate, unless the policy names others", () => {
  const plain: Policy = { migrate: lists("S0DBA") };
  const named: Policy = { migrate: lists("S0DBA"), freeze: lists("S0ONCALL") };

  expect(judgeMember(dba, plain, "freeze").allowed).toBe(true);
  expect(judgeMember(onCall, plain, "freeze").allowed).toBe(false);
  expect(judgeMember(onCall, named, "freeze").allowed).toBe(true);
  expect(judgeMember(onCall, named).allowed).toBe(false);
  expect(judgeMember(dba, named, "freeze")).toMatchObject({
    refusal: { summary: "You are not among the people who may freeze Godwit." },
  });
  expect(judgeMember({ ...onCall, kind: "guest" }, named, "freeze").allowed).toBe(false);
  expect(namedIn(named, "slack").groups).toEqual(["S0DBA", "S0ONCALL"]);
});

it("takes a reason with all its words", () => {
  expect(optionsOfWords(freeze, ["the", "mail", "is", "down"])).toEqual({ reason: "the mail is down" });
  expect(optionsOfWords(freeze, [])).toEqual({});
});
