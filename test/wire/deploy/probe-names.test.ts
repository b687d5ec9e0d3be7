import { KeyObject, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { expect, test } from 'vitest';
import { tlsProbe } from '#shared/deploy/probe/probe.ts';
import { tlsServer } from '#test/support/tls-server.ts';

type Shape = { readonly commonName: string; readonly dns?: string; readonly ip?: string };

/** A certificate as people upload them to IAM. */
async function certificateOf({ commonName, dns, ip }: Shape) {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const others = [
    ...(dns ? [{ type: 'dns' as const, value: dns }] : []),
    ...(ip ? [{ type: 'ip' as const, value: ip }] : []),
  ];
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `C=US, O=Shop, CN=${commonName}`,
    keys,
    signingAlgorithm: algorithm,
    extensions: others.length > 0 ? [new x509.SubjectAlternativeNameExtension(others)] : [],
  });
  const key = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' });
  return { key: key.toString(), cert: certificate.toString('pem') };
}

async function namesOf(shape: Shape): Promise<readonly string[] | undefined> {
  const server = await tlsServer(await certificateOf(shape));
  const probe = tlsProbe({ resolve: async () => [], timeoutMs: 500 });
  const question = { host: '127.0.0.1', servername: 'shop.example.com', family: null };
  const [answer] = await probe({ ...question, port: server.port });
  server.close();
  return answer?.outcome === 'answered' ? answer.names : undefined;
}

const cases: Record<string, [Shape, string[]]> = {
  'a certificate with a common name only has that name': [
    { commonName: 'shop.example.com' },
    ['shop.example.com'],
  ],
  'also where it is a wildcard': [{ commonName: '*.example.com' }, ['*.example.com']],
  'a common name counts for nothing beside alternative names': [
    { commonName: 'old.example.com', dns: 'shop.example.com' },
    ['shop.example.com'],
  ],
  'an address beside it is no name': [
    { commonName: 'shop.example.com', ip: '192.0.2.7' },
    ['shop.example.com'],
  ],
  'what is no host name is none': [{ commonName: 'Shop Default Certificate' }, []],
  'nor is an address': [{ commonName: '192.0.2.7' }, []],
};

test.each(Object.entries(cases))('%s', async (_, [shape, names]) => {
  expect(await namesOf(shape)).toEqual(names);
});
