/** Undefined where a text is no JSON. The parser's own error quotes what it could not read, which may be a secret. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
