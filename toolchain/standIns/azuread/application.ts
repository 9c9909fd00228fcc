import { randomUUID } from "node:crypto";
import { type Properties, text, texts } from "../../pluginProtocol/values";
import { applicationSchema } from "./applicationSchema";
import { fromGraph, toGraph } from "./fields";
import type { Graph, GraphError, Json } from "./graph";
import { ownerIds, ownersToBind, replaceOwners, settleOwners } from "./owners";
import {
  attempt,
  runInTurn,
  ignoreGone,
  madeResource,
  removeAndWait,
  requireFound,
  type Resource,
  segment,
} from "./resource";
import { tagsOf } from "./sharedFields";

/** @see https://github.com/hashicorp/terraform-provider-azuread/blob/main/internal/services/applications/application_resource.go */
export const application: Resource = {
  token: "azuread:index/application:Application",
  schema: applicationSchema,

  async create(graph, inputs) {
    await refuseDuplicate(graph, inputs);
    const owners = await ownersToBind(graph, inputs);
    const created = await attempt("Could not create application", () =>
      graph.send({
        method: "POST",
        path: "/v1.0/applications",
        retries: 14,
        body: { ...applicationBody(inputs), "owners@odata.bind": owners.bind },
      }),
    );
    const objectId = text(created, "id");
    const path = `/v1.0/applications/${objectId}`;
    const id = `/applications/${objectId}`;
    return madeResource(application, graph, id, inputs, async () => {
      await proveReplicated(graph, path, text(inputs, "displayName"));
      if (inputs.oauth2PostResponseRequired !== undefined) {
        await setPostResponse(graph, objectId, inputs);
      }
      await settleOwners(graph, path, owners);
    });
  },

  async read(graph, id, known) {
    const objectId = segment(id, "applications");
    const path = `/v1.0/applications/${objectId}`;
    const found = await attempt(`Retrieving Application (Application: "${objectId}")`, () =>
      ignoreGone(() => graph.get(path)),
    );
    if (found === undefined) {
      return undefined;
    }
    const beta = await graph.get(`/beta/applications/${objectId}`, {
      $select: "oauth2RequirePostResponse",
    });
    return {
      ...fromGraph(applicationSchema, { ...found, ...beta }),
      logoImage: "",
      owners: await ownerIds(graph, path),
      preventDuplicateNames: known.preventDuplicateNames === true,
    };
  },

  async update(graph, id, _state, inputs, changed) {
    const objectId = segment(id, "applications");
    const path = `/v1.0/applications/${objectId}`;
    return runInTurn(objectId, async () => {
      await refuseDuplicate(graph, inputs, objectId);
      await attempt(`Could not update application with object ID: "${objectId}"`, () =>
        graph.send({
          method: "PATCH",
          path,
          retries: 14,
          body: applicationBody(inputs, changed),
        }),
      );
      if (changed.has("oauth2PostResponseRequired")) {
        await setPostResponse(graph, objectId, inputs);
      }
      if (changed.has("owners")) {
        await replaceOwners(graph, path, texts(inputs, "owners"));
      }
      return requireFound(await application.read(graph, id, inputs));
    });
  },

  async delete(graph, id) {
    const objectId = segment(id, "applications");
    const path = `/v1.0/applications/${objectId}`;
    await removeAndWait(
      graph,
      path,
      `deleting Application (Application: "${objectId}")`,
      `Waiting for deletion of application with object ID "${objectId}"`,
    );
  },
};

/** What is sent of an application: all of it, or of what is sent on change only what changed. */
function applicationBody(inputs: Properties, changed?: ReadonlySet<string>): Json {
  return {
    "@odata.type": "#microsoft.graph.application",
    ...toGraph(applicationSchema, inputs, changed === undefined ? {} : { changed }),
    tags: tagsOf(inputs),
  };
}

/** Not replicated yet: every 404, and for an application that was just created every 409. */
function isReplicating(error: GraphError): boolean {
  return error.status === 404 || error.status === 409;
}

/** Sets another name and then the wanted one, which succeeds only once the object is replicated. */
async function proveReplicated(graph: Graph, path: string, displayName: string): Promise<void> {
  for (const name of [`TERRAFORM_UPDATE_${randomUUID()}`, displayName]) {
    await attempt("Failed to patch application after creating", () =>
      graph.send({
        method: "PATCH",
        path,
        retries: 14,
        retry: isReplicating,
        body: { "@odata.type": "#microsoft.graph.application", displayName: name },
      }),
    );
  }
}

async function setPostResponse(graph: Graph, objectId: string, inputs: Properties): Promise<void> {
  await graph.send({
    method: "PATCH",
    path: `/beta/applications/${objectId}`,
    retry: isReplicating,
    body: {
      "@odata.type": "#microsoft.graph.application",
      oauth2RequirePostResponse: inputs.oauth2PostResponseRequired === true,
    },
  });
}

async function refuseDuplicate(graph: Graph, inputs: Properties, own?: string): Promise<void> {
  if (inputs.preventDuplicateNames !== true) {
    return;
  }
  const displayName = text(inputs, "displayName");
  const found = await graph.list("/v1.0/applications", {
    $filter: `displayName eq '${displayName}'`,
  });
  const other = found.find((one) => one.id !== own);
  if (other !== undefined) {
    throw new Error(
      `A resource with the name "${displayName}" already exists (object ID: ${text(other, "id")}) - to be managed via Terraform this resource needs to be imported into the State.`,
    );
  }
}
