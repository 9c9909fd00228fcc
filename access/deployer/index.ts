export { type Assessment, assess, type Excess, type NeedResult, ownershipMatters } from "./assess";
export { type Authority, findAuthority } from "./authority";
export { type Deployer, deployerOf } from "./deployer";
export { graphPermissions, microsoftGraphAppId } from "./graphPermissions";
export { needsOf, type StackShape } from "./needs";
export { findOwnership, type OwnedObject, type Ownership } from "./ownership";
export { DeployerSettingsError, type ProviderSettings, readProviderSettings } from "./settings";
export { chooseSignIn, type SignIn } from "./signIn";
export { requestDeployerToken } from "./token";
