/**
 * Names as Route 53 keeps them: lower case, a dot at the end, and every character other than
 * a-z, 0-9, - and _ as a three-digit octal escape, so that a wildcard starts with `\052`.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html
 */
export function normalName(name: string): string {
  const plain = unescapeName(name).toLowerCase().replace(/\.$/, '');
  const escaped = plain.replace(
    /[^a-z0-9._-]/g,
    (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`,
  );
  return `${escaped}.`;
}

function unescapeName(name: string): string {
  return name.replace(/\\([0-3][0-7]{2})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}

/** Route 53 sorts names with their labels reversed: `com.example.www.` */
export function sortKey(name: string): string {
  return `${normalName(name).slice(0, -1).split('.').reverse().join('.')}.`;
}

/** Says whether `name` is `zone` or below it; both names are normal. */
export function liesIn(name: string, zone: string): boolean {
  return name === zone || name.endsWith(`.${zone}`);
}

/** The names above a normal name, nearest first: `b.c.` and `c.` for `a.b.c.` */
export function ancestors(name: string): string[] {
  const labels = name.slice(0, -1).split('.');
  return labels.slice(1).map((_, index) => `${labels.slice(index + 1).join('.')}.`);
}
