import { types } from "../rules/types";
import { type AudienceSettings, signInAudience as rule } from "../rules/signInAudience";
import { judge, unknown } from "./support/judge";
import { application } from "./support/stacks";

const judgeAudience = async (value: unknown, settings: Partial<AudienceSettings> = {}) =>
  (await judge(rule, [application({ signInAudience: value })], settings)).before;

test("an application only for the tenant passes, also where nothing is said", async () => {
  expect(await judgeAudience("AzureADMyOrg")).toEqual([]);
  expect(await judgeAudience(undefined)).toEqual([]);
});

test.each([
  "AzureADMultipleOrgs",
  "AzureADandPersonalMicrosoftAccount",
  "PersonalMicrosoftAccount",
])("%s is not allowed", async (audience) => {
  expect(await judgeAudience(audience)).toEqual([
    `app: The sign-in audience ${audience} is not allowed.`,
  ]);
});

test("ApplicationRegistration is an application too", async () => {
  const stack = [
    {
      type: types.applicationRegistration,
      name: "app",
      inputs: { signInAudience: "AzureADMultipleOrgs" },
    },
  ];
  expect((await judge(rule, stack)).before).toHaveLength(1);
});

test("an audience that is unknown is a violation, not a warning", async () => {
  expect(await judgeAudience(unknown.text)).toEqual([
    "app: The sign-in audience cannot be seen at preview. Write it out.",
  ]);
});

test("the audiences can be configured, and replace the default", async () => {
  const allowedAudiences = ["AzureADMultipleOrgs"];
  expect(await judgeAudience("AzureADMultipleOrgs", { allowedAudiences })).toEqual([]);
  expect(await judgeAudience(undefined, { allowedAudiences })).toEqual([
    "app: The sign-in audience AzureADMyOrg is not allowed.",
  ]);
});
