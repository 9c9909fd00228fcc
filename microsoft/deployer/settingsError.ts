import { UsageFailure } from "../../system/failure";

/** The settings do not say how the deployer signs in, contradict each other, or give it away. */
export class DeployerSettingsError extends UsageFailure {}
