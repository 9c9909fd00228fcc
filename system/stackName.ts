/**
 * What a stack, its project and its organization are called, each.
 *
 * @see https://www.pulumi.com/docs/iac/concepts/stacks/#create-a-stack
 */
export const stackNameForm = /^[A-Za-z0-9_.-]{1,100}$/;
