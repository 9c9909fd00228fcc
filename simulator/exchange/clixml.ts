import type { Json, JsonObject } from "../json";

/**
 * Rows in PowerShell's own serialization, which the module asks for with `X-ResponseFormat: clixml`
 * and hands to `PSSerializer.Deserialize`.
 *
 * @see https://learn.microsoft.com/openspecs/windows_protocols/ms-psrp/3e107e78-3f28-4f85-9e25-493fd9b09726
 */
export function clixmlOf(rows: readonly JsonObject[]): string {
  let objects = 0;
  const object = (type: string, name: string, content: string): string => {
    const id = objects++;
    const types = [`Deserialized.${type}`, "Deserialized.System.Object"];
    const names = `<TN RefId="${id}">${types.map((one) => `<T>${one}</T>`).join("")}</TN>`;
    return `<Obj${name} RefId="${id}">${names}${content}</Obj>`;
  };
  const property = (value: Json, title?: string): string => {
    const name = title === undefined ? "" : ` N="${escaped(title)}"`;
    if (value === null) {
      return `<Nil${name} />`;
    }
    if (Array.isArray(value)) {
      const items = value.map((item) => property(item)).join("");
      return object("System.Collections.ArrayList", name, `<LST>${items}</LST>`);
    }
    if (typeof value === "object") {
      const members = Object.entries(value).map(([key, member]) => property(member, key));
      return object(
        "System.Management.Automation.PSCustomObject",
        name,
        `<MS>${members.join("")}</MS>`,
      );
    }
    const element = { boolean: "B", number: Number.isInteger(value) ? "I64" : "Db", string: "S" }[
      typeof value as "boolean" | "number" | "string"
    ];
    return `<${element}${name}>${escaped(String(value))}</${element}>`;
  };
  const content = rows.map((row) => property(row)).join("");
  return `<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">${content}</Objs>`;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** Characters that XML does not have stand as `_x000A_`, and so does an underscore that looks like one. */
function escaped(text: string): string {
  return text
    .replace(/_(?=x[0-9A-F]{4}_)|[\u0000-\u001f\ufffe\uffff]/gi, (character) => {
      const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
      return `_x${code}_`;
    })
    .replace(/[&<>"]/g, (character) => entities[character]!);
}
