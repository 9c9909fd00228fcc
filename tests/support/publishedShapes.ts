/** The shapes of what commands print, and of records, by the path of their published schema. */
import type { z } from "zod";
import { exportShape } from "../../access/export/documentShape";
import { auditShape } from "../../audit/documentShape";
import { verifyShape } from "../../access/verify/documentShape";
import { adviseShape } from "../../cli/documents/advise";
import { certificatesShape } from "../../cli/documents/certificates";
import { changeShape } from "../../cli/documents/change";
import { doctorShape } from "../../cli/documents/doctor";
import { explainShape } from "../../cli/documents/explain";
import { initShape } from "../../cli/documents/init";
import { pipelineShape } from "../../cli/documents/pipeline";
import { pullRequestReviewShape } from "../../cli/documents/pullRequest";
import { recordedShape } from "../../cli/documents/recorded";
import { retireShape } from "../../cli/documents/retire";
import { rotateShape } from "../../cli/documents/rotate";
import { simulatorShape } from "../../cli/documents/simulator";
import { stacksShape } from "../../cli/documents/stacks";
import { toolchainShape } from "../../cli/documents/toolchain";
import { failureShape } from "../../cli/documents/failure";
import { severalStacksShape } from "../../cli/documents/severalStacks";
import { recordShape } from "../../fleet/record";
import { reportShape } from "../../fleet/report/documentShape";
import { reviewShape } from "../../review/documentShape";

export const publishedShapes: Readonly<Record<string, z.ZodType>> = {
  "access/export/export.schema.json": exportShape,
  "access/verify/verify.schema.json": verifyShape,
  "audit/audit.schema.json": auditShape,
  "cli/documents/advise.schema.json": adviseShape,
  "cli/documents/certificates.schema.json": certificatesShape,
  "cli/documents/change.schema.json": changeShape,
  "cli/documents/doctor.schema.json": doctorShape,
  "cli/documents/explain.schema.json": explainShape,
  "cli/documents/init.schema.json": initShape,
  "cli/documents/pipeline.schema.json": pipelineShape,
  "cli/documents/pullRequest.schema.json": pullRequestReviewShape,
  "cli/documents/recorded.schema.json": recordedShape,
  "cli/documents/retire.schema.json": retireShape,
  "cli/documents/rotate.schema.json": rotateShape,
  "cli/documents/simulator.schema.json": simulatorShape,
  "cli/documents/stacks.schema.json": stacksShape,
  "cli/documents/toolchain.schema.json": toolchainShape,
  "cli/documents/failure.schema.json": failureShape,
  "cli/documents/severalStacks.schema.json": severalStacksShape,
  "fleet/record.schema.json": recordShape,
  "fleet/report/report.schema.json": reportShape,
  "review/review.schema.json": reviewShape,
};
