import { namedDirectories } from '#shared/issuers/acme/directories.ts';
import { idPattern } from './checks/certificates/ids.ts';
import { valueAt } from './messages/schema-at.ts';
import { normalizeAnyName } from './names.ts';

/** As many names as fit into a line. */
const mostNames = 5;

/** A Certificate of cert-manager as an entry of the file. It holds nothing of the resource but well-formed ids, names and times. */
export function certificateSketch(raw: unknown): string {
  const names = namesOf(raw);
  const shown = names
    .slice(0, mostNames)
    .map((name) => (name.startsWith('*') ? `"${name}"` : name));
  const list = [...shown, ...(names.length > mostNames || names.length === 0 ? ['…'] : [])];
  const renewBefore = /^(\d{1,5})h(?:0m(?:0s)?)?$/.exec(textAt(raw, ['spec', 'renewBefore']) ?? '');
  const key = keyOf(raw);
  const fields = [
    `names: [${list.join(', ')}]`,
    `issuer: ${idAt(raw, ['spec', 'issuerRef', 'name']) ?? '…'}`,
    ...(key === null ? [] : [`key: ${key}`]),
    ...(renewBefore ? [`renewBefore: ${renewBefore[1]}h`] : []),
    ...(valueAt(raw, ['spec', 'privateKey', 'rotationPolicy']) === 'Never'
      ? ['rotation: reuse']
      : []),
  ];
  return `certificates: {${idAt(raw, ['metadata', 'name']) ?? '…'}: {${fields.join(', ')}}}`;
}

/** An Issuer of cert-manager as an entry of the file. */
export function issuerSketch(raw: unknown): string {
  const server = textAt(raw, ['spec', 'acme', 'server']);
  const known = Object.entries(namedDirectories).find(([, { url }]) => url === server);
  const plain = server !== null && /^https:\/\/[\w.:/-]{1,200}$/.test(server) ? server : '…';
  const id = idAt(raw, ['metadata', 'name']) ?? '…';
  return `issuers: {${id}: {type: acme, directory: ${known?.[0] ?? plain}}}`;
}

function namesOf(raw: unknown): readonly string[] {
  const written = valueAt(raw, ['spec', 'dnsNames']);
  return (Array.isArray(written) ? written : []).flatMap((each) => {
    const result = typeof each === 'string' ? normalizeAnyName(each) : null;
    return result?.ok ? [result.name] : [];
  });
}

/** cert-manager makes RSA keys of 2048 bits by default, certkeep ECDSA keys. */
function keyOf(raw: unknown): string | null {
  const algorithm = textAt(raw, ['spec', 'privateKey', 'algorithm']) ?? 'RSA';
  const size = valueAt(raw, ['spec', 'privateKey', 'size']);
  if (algorithm === 'RSA') {
    return { 3072: 'rsa-3072', 4096: 'rsa-4096' }[Number(size)] ?? 'rsa-2048';
  }
  return algorithm === 'ECDSA' && size === 384 ? 'ecdsa-p384' : null;
}

function idAt(raw: unknown, path: readonly string[]): string | null {
  const text = textAt(raw, path);
  return text !== null && idPattern.test(text) ? text : null;
}

function textAt(raw: unknown, path: readonly string[]): string | null {
  const value = valueAt(raw, path);
  return typeof value === 'string' ? value : null;
}
