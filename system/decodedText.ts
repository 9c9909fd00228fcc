/**
 * Bytes of a text file as text, without a byte order mark: UTF-8, or UTF-16 as Windows PowerShell 5.1
 * writes it with `>` and `Out-File`, with or without its mark.
 *
 * @example decodedText(await readFile("preview.json"))
 * @see https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_character_encoding
 */
export function decodedText(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

function encodingOf([first, second, third, fourth]: Uint8Array): string {
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0 && fourth === 0)) {
    return "utf-16le";
  }
  return (first === 0xfe && second === 0xff) || (first === 0 && second !== 0 && third === 0)
    ? "utf-16be"
    : "utf-8";
}
