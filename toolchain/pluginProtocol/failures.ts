import * as grpc from "@grpc/grpc-js";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { type Properties, structOf } from "./values";

/**
 * The resource exists and is not yet as wanted. The engine keeps it in the state, and the next
 * update goes on from there.
 */
export class InitializationFailed extends Error {
  override readonly name = "InitializationFailed";

  constructor(
    readonly id: string,
    readonly state: Properties,
    override readonly cause: Error,
  ) {
    super(cause.message);
  }
}

/** The error of a call, as gRPC wants it. */
export function serviceErrorOf(error: unknown): Partial<grpc.ServiceError> {
  const message = error instanceof Error ? error.message : String(error);
  const metadata = new grpc.Metadata();
  if (error instanceof InitializationFailed) {
    const detail = new ErrorResourceInitFailed()
      .setId(error.id)
      .setProperties(structOf(error.state))
      .setReasonsList([message]);
    const any = new Any();
    any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const status = new Status()
      .setCode(grpc.status.UNKNOWN)
      .setMessage(message)
      .setDetailsList([any]);
    metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  }
  return { code: grpc.status.UNKNOWN, details: message, message, metadata };
}
