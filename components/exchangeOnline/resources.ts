import * as pulumi from "@pulumi/pulumi";

/** Prefix of the types of the provider for Exchange's own roles. */
const typePrefix = "exchangeonline:index:";

/** Options without which the engine would look for the plugin where packages are published. */
type Options = pulumi.CustomResourceOptions;

/**
 * Who changes Exchange's roles: the deployer, as the azuread provider signs in.
 *
 * @see exchange/schema.ts for the settings
 */
export class Provider extends pulumi.ProviderResource {
  constructor(
    name: string,
    settings: Readonly<Record<string, pulumi.Input<string> | undefined>>,
    opts?: pulumi.ResourceOptions,
  ) {
    super("exchangeonline", name, settings, opts);
  }
}

/** What a workload knows of a service principal. */
export class ServicePrincipal extends pulumi.CustomResource {
  constructor(
    name: string,
    args: {
      /** `exchange` or `compliance`. */
      workload: string;
      /** Application (client) id. */
      appId: pulumi.Input<string>;
      /** Object id of the service principal. */
      objectId: pulumi.Input<string>;
      displayName: pulumi.Input<string>;
    },
    opts?: Options,
  ) {
    super(`${typePrefix}ServicePrincipal`, name, args, opts);
  }
}

/** A cmdlet that a custom role keeps. */
export interface KeptCmdlet {
  name: string;
  /** Those that it keeps. @default all that the parent has */
  parameters?: string[];
}

/** A child of a built-in role with only some of its cmdlets and parameters. */
export class ManagementRole extends pulumi.CustomResource {
  declare public readonly name: pulumi.Output<string>;

  constructor(
    name: string,
    args: {
      name: pulumi.Input<string>;
      /** Built-in role. */
      parent: string;
      /** By it a repeated creation knows the role for its own. */
      description: pulumi.Input<string>;
      cmdlets: KeptCmdlet[];
    },
    opts?: Options,
  ) {
    super(`${typePrefix}ManagementRole`, name, args, opts);
  }
}

/** The recipients on which a role may write. */
export class ManagementScope extends pulumi.CustomResource {
  declare public readonly name: pulumi.Output<string>;

  constructor(
    name: string,
    args: { name: pulumi.Input<string>; recipientFilter: string },
    opts?: Options,
  ) {
    super(`${typePrefix}ManagementScope`, name, args, opts);
  }
}

/** A role group of a workload. */
export class RoleGroup extends pulumi.CustomResource {
  declare public readonly name: pulumi.Output<string>;

  constructor(
    name: string,
    args: {
      workload: string;
      name: pulumi.Input<string>;
      description: pulumi.Input<string>;
      roles: string[];
    },
    opts?: Options,
  ) {
    super(`${typePrefix}RoleGroup`, name, args, opts);
  }
}

/** A service principal as a member of a role group. */
export class RoleGroupMember extends pulumi.CustomResource {
  constructor(
    name: string,
    args: {
      workload: string;
      /** Name or id. */
      roleGroup: pulumi.Input<string>;
      objectId: pulumi.Input<string>;
    },
    opts?: Options,
  ) {
    super(`${typePrefix}RoleGroupMember`, name, args, opts);
  }
}

/** A management role of Exchange Online given to a service principal. */
export class RoleAssignment extends pulumi.CustomResource {
  constructor(
    name: string,
    args: {
      objectId: pulumi.Input<string>;
      /** Built-in role; either this or `customRole`. */
      role?: string;
      customRole?: pulumi.Input<string>;
      /** Name of a management scope. @default all recipients */
      recipientScope?: pulumi.Input<string>;
    },
    opts?: Options,
  ) {
    super(`${typePrefix}RoleAssignment`, name, args, opts);
  }
}
