import type { SimulatorApp } from "../../http/context";
import { type GraphCall, permit, versions } from "../call";
import { graphErrors } from "../errors";
import { findInPath } from "../lookup";
import { propertiesByKind } from "../model/entityType";
import { answerList } from "../query/answer";
import { findGroup } from "./groups";
import { findUser } from "./users";

const anyPhoto = ["ProfilePhoto.Read.All", "ProfilePhoto.ReadWrite.All"];
const photoType = {
  name: "profilePhoto",
  ...propertiesByKind({ text: ["id"], number: ["height", "width"] }),
};

/**
 * Photos of users and groups, which programs that copy a directory ask for one by one: nobody has any.
 *
 * @see https://learn.microsoft.com/graph/api/profilephoto-get
 */
export function installPhotoRoutes(app: SimulatorApp): void {
  const holders = [
    { path: "/users", read: ["User.Read.All", "User.ReadWrite.All"], find: findUser },
    { path: "/groups", read: ["Group.Read.All", "Group.ReadWrite.All"], find: findGroup },
  ] as const;
  for (const { path, read, find } of holders) {
    const own = `${versions}${path}/:id`;
    const holderIn = (call: GraphCall) =>
      findInPath<{ readonly id: string }>(call, (inCall, key) => find(inCall, key));
    app.get(`${own}/photos`, (c) => {
      const call = permit(c, [...anyPhoto, ...read]);
      const { id } = holderIn(call);
      return answerList(call, photoType, `${path.slice(1)}('${id}')/photos`, []);
    });
    for (const one of ["photo", "photos/:size"]) {
      for (const suffix of ["", "/:value{\\$value}"]) {
        app.get(`${own}/${one}${suffix}`, (c) => {
          holderIn(permit(c, [...anyPhoto, ...read]));
          throw graphErrors.imageNotFound();
        });
      }
    }
  }
}
