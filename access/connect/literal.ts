/**
 * A value that PowerShell reads as one literal, whatever is in it. PowerShell also ends a string at
 * typographic double quotes, and reads a backtick or a dollar sign as the begin of something else.
 *
 * @example literal('a "b"') // "a `"b`""
 * @see https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_quoting_rules
 */
export function literal(value: string): string {
  const escaped = value.replace(/[`"$\u201c\u201d\u201e]/g, "`$&").replaceAll("\0", "`0");
  return `"${escaped}"`;
}
