import { editState, isMasked, pendingCreates, secretText } from "../../../operations/stateEdit";

const urn = (name: string) => `urn:pulumi:dev::apponly::a:index:B::${name}`;

function stateOf(resources: object[], pending: object[] = []) {
  return { version: 3, deployment: { manifest: {}, resources, pending_operations: pending } };
}

const resource = (name: string, more: object = {}) => ({
  urn: urn(name),
  type: "a:index:B",
  custom: true,
  id: `id-${name}`,
  inputs: {},
  ...more,
});

test("what is dropped leaves nothing behind that depends on it", () => {
  const role = resource("role", {
    dependencies: [urn("app"), urn("consent")],
    propertyDependencies: { principal: [urn("app")], role: [] },
    deletedWith: urn("app"),
  });
  const state = stateOf([resource("app"), resource("consent"), role]);
  const dropped = { urn: urn("app"), type: "a:index:B", inputs: {}, id: "id-app" };
  expect(editState(state, { drop: [dropped], adopt: [] })).toEqual({
    version: 3,
    deployment: {
      manifest: {},
      resources: [
        resource("consent"),
        resource("role", {
          dependencies: [urn("consent")],
          propertyDependencies: { principal: [], role: [] },
        }),
      ],
    },
  });
});

test("of a resource and the replaced one of the same name only the one that is gone is dropped", () => {
  const old = resource("key", { id: "old", delete: true });
  const state = stateOf([resource("key"), old]);
  const dropped = { urn: urn("key"), type: "a:index:B", inputs: {}, id: "old" };
  const edited = editState(state, { drop: [dropped], adopt: [] });
  expect(edited.deployment).toMatchObject({ resources: [resource("key")] });
});

test("what is adopted in the place of another leaves that one to be deleted", () => {
  const adopted = { ...resource("key"), id: "new", inputs: { a: 1 }, replaces: true };
  const edited = editState(stateOf([resource("key")]), { drop: [], adopt: [adopted] });
  expect(edited.deployment).toMatchObject({
    resources: [
      { id: "id-key", delete: true },
      { id: "new", outputs: { a: 1, id: "new" } },
    ],
  });
});

test("what an interrupted update was creating is known, and cleared by any edit", () => {
  const pending = [
    { type: "creating", resource: resource("app") },
    { type: "updating", resource: resource("role") },
  ];
  const state = stateOf([], pending);
  expect(pendingCreates(state).map((one) => one.urn)).toEqual([urn("app")]);
  expect(editState(state, { drop: [], adopt: [] }).deployment).toEqual({
    manifest: {},
    resources: [],
  });
});

test("a property that the engine masks is not written back, one that is to be encrypted is", () => {
  const masked = { ...resource("key"), inputs: { value: { ciphertext: "[secret]" } } };
  expect(isMasked(masked)).toBe(true);
  expect(isMasked({ ...masked, inputs: { value: secretText("text") } })).toBe(false);
});
