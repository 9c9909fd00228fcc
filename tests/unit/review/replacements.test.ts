/** The order of what is replaced: the engine's own changes from run to run. */
import fc from "fast-check";
import { review } from "../../../review/review";
import { azuread, previewOf } from "./previews";

const replaced = ["Application", "ServicePrincipal", "AppRoleAssignment", "DirectoryRoleAssignment"]
  .map((name) => ({ op: "replace", type: azuread(name), name: `one-${name}` }))
  .concat([
    { op: "replace", type: azuread("AppRoleAssignment"), name: "another" },
    { op: "replace", type: "aws:s3/bucket:Bucket", name: "bucket" },
  ])
  .map((one) => ({ ...one, old: { inputs: {} }, new: { inputs: {} } }));

test("what is replaced comes in one order, whatever the engine's, and the application first", () => {
  const order = (resources: typeof replaced) =>
    review(previewOf(...resources)).replacements.map(({ resource }) => resource.split("::").pop());
  const expected = [
    "one-Application",
    "one-ServicePrincipal",
    "another",
    "one-AppRoleAssignment",
    "one-DirectoryRoleAssignment",
    "bucket",
  ];
  fc.assert(
    fc.property(fc.shuffledSubarray(replaced, { minLength: replaced.length }), (shuffled) => {
      expect(order(shuffled)).toEqual(expected);
    }),
  );
});
