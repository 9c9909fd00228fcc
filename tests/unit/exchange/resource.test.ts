/** What is told of an object that somebody else has made. */
import { ForeignObject } from "../../../exchange/resource";

test("an object that is to be taken over is one word of the command, whatever its name", () => {
  expect(new ForeignObject("role group", "O'Brien & Co", "has other members").message).toContain(
    "or take it over: pulumi import exchangeonline:index:RoleGroup NAME 'O'\\''Brien & Co'",
  );
});
