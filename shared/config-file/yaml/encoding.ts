/** Detects a file that is not UTF-8, or has line ends that YAML readers do not know. */
export function unreadableText(text: string): { message: string; fix: string } | null {
  // Read as UTF-8, every other byte of UTF-16 is NUL.
  const beginning = text.slice(0, 200);
  if (beginning.split('\u0000').length > beginning.length / 4 && beginning.includes('\u0000')) {
    return {
      message: 'is saved as UTF-16, of which nothing can be read',
      fix: 'Save it as UTF-8: in the editor, or with "iconv -f UTF-16 -t UTF-8".',
    };
  }
  const alone = /\r(?!\n)/.exec(text);
  if (alone) {
    const line = text.slice(0, alone.index).split('\n').length;
    return {
      message: text.includes('\n')
        ? `has a line end of CR alone on line ${line}`
        : 'has lines that end with CR alone, as on old Macs: for YAML it is one long line',
      fix: "Save it with LF or CRLF line ends: in the editor, or with \"tr '\\r' '\\n'\".",
    };
  }
  return null;
}
