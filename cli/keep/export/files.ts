import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { WholeVersion } from '#shared/keystores/key-store.ts';
import { Secret } from '#shared/secret.ts';
import { privateKeyOf } from '#shared/x509/readable.ts';
import { chainOf } from './pair.ts';
import { pkcs12 } from './pkcs12.ts';

/** A file with key material keeps it in a Secret, as base64. */
export type ExportFile = {
  readonly name: string;
  readonly mode: number;
  readonly content: string | Secret;
};

const forOwner = 0o600;
const forAll = 0o644;

/**
 * The files in the order in which they are put into place. The key comes first: programs that watch files watch the
 * certificate, and when that changes its key is there. All are written before, so that a reader may see a pair that does not
 * match only between two renamings.
 */
export function pemFiles(pair: WholeVersion): readonly ExportFile[] {
  const [leaf = '', ...chain] = chainOf(pair);
  const key = privateKeyOf(pair.keyPem).export({ type: 'pkcs8', format: 'pem' }).toString();
  return [
    { name: 'privkey.pem', mode: forOwner, content: sealed(Buffer.from(key)) },
    { name: 'fullchain.pem', mode: forAll, content: [leaf, ...chain].join('') },
    { name: 'chain.pem', mode: forAll, content: chain.join('') },
    { name: 'cert.pem', mode: forAll, content: leaf },
  ];
}

/** One file, which never holds half of a pair. It is opened once before anybody gets it. */
export function pfxFiles(pair: WholeVersion, id: string, password: Secret): readonly ExportFile[] {
  const pfx = pkcs12({
    key: privateKeyOf(pair.keyPem).export({ type: 'pkcs8', format: 'der' }),
    certificates: chainOf(pair).map((pem) => new X509Certificate(pem).raw),
    name: id,
    password: password.reveal(),
  });
  createSecureContext({ pfx, passphrase: password.reveal() });
  return [{ name: 'certificate.pfx', mode: forOwner, content: sealed(pfx) }];
}

function sealed(bytes: Buffer): Secret {
  return new Secret(bytes.toString('base64'));
}

export function bytesOf({ content }: ExportFile): Buffer {
  return content instanceof Secret ? Buffer.from(content.reveal(), 'base64') : Buffer.from(content);
}
