const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** S3 answers `<Error>` at the root; the others put it inside an `<ErrorResponse>`, with a type. */
export function errorXml(code: string, message: string, type?: 'Sender'): string {
  const typed = type ? `<Type>${type}</Type>` : '';
  return `<Error>${typed}<Code>${escaped(code)}</Code><Message>${escaped(message)}</Message></Error>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => escapes[character] ?? character);
}
