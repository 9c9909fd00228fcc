/** The parts of a resource's URN. */
export interface UrnParts {
  readonly stack: string;
  readonly project: string;
  /** Type token of the resource itself, without those of its parents. */
  readonly type: string;
  readonly name: string;
}

/**
 * Takes a URN apart. A name may hold `::` itself.
 *
 * @returns `undefined` for a text that is not a URN.
 * @example parseUrn("urn:pulumi:dev::apponly::a:index:Parent$b:index:Child::name")?.type
 * // "b:index:Child"
 * @see https://www.pulumi.com/docs/iac/concepts/resources/names/#urns
 */
export function parseUrn(urn: string): UrnParts | undefined {
  const prefix = "urn:pulumi:";
  if (!urn.startsWith(prefix)) {
    return undefined;
  }
  const [stack, project, qualifiedType, ...name] = urn.slice(prefix.length).split("::");
  if (stack === undefined || project === undefined || qualifiedType === undefined) {
    return undefined;
  }
  const type = qualifiedType.slice(qualifiedType.lastIndexOf("$") + 1);
  return { stack, project, type, name: name.join("::") };
}

/** Name of a resource, or the text itself where it is not a URN. */
export function nameInUrn(urn: string): string {
  return parseUrn(urn)?.name ?? urn;
}
