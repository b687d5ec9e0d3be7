import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import acme from 'acme-client';
import { expect, test } from 'vitest';
import { startPebble } from '#cloud/ca/pebble.ts';
import { makeKey } from '#cloud/ca/x509.ts';
import { csrFor, dns01, order } from '#cloud/kit/acme-world.ts';
import { apply, change, createZone, localDns } from '#cloud/kit/local-dns.ts';

const binary = process.env.PEBBLE;

test.skipIf(!binary)('Pebble validates apex and wildcard against the local DNS', async () => {
  const { dns, server } = await localDns();
  const zoneId = createZone(dns, 'example.com');
  const directory = await mkdtemp(join(tmpdir(), 'pebble-'));
  const pebble = await startPebble({ binary: binary ?? '', dnsAddress: server.address, directory });
  const agent = new https.Agent({ ca: pebble.rootPem });
  acme.axios.defaults.httpsAgent = agent;
  try {
    const client = new acme.Client({
      directoryUrl: pebble.directoryUrl,
      accountKey: makeKey('ecdsa-p256').keyPem,
      backoffMin: 50,
      backoffMax: 100,
      backoffAttempts: 100,
    });
    await client.createAccount({ termsOfServiceAgreed: true });
    const asked = await order(client, 'example.com', '*.example.com');
    const authorizations = await client.getAuthorizations(asked);
    const values = await Promise.all(
      authorizations.map((each) => client.getChallengeKeyAuthorization(dns01(each))),
    );
    const target = '_acme-challenge.delegated.example.com';
    apply(
      dns,
      zoneId,
      change('CREATE', '_acme-challenge.example.com', 'CNAME', [target]),
      change(
        'CREATE',
        target,
        'TXT',
        values.map((value) => `"${value}"`),
      ),
    );
    for (const each of authorizations) {
      await client.completeChallenge(dns01(each));
      await client.waitForValidStatus(each);
    }
    await client.finalizeOrder(asked, await csrFor('example.com', '*.example.com'));
    const leaf = new X509Certificate(await client.getCertificate(asked));
    expect(leaf.subjectAltName).toContain('DNS:*.example.com');
    expect(new X509Certificate(pebble.issuanceRootPem).ca).toBe(true);
  } finally {
    agent.destroy();
    await pebble.close();
    await server.close();
    await rm(directory, { recursive: true });
  }
});

test('a Pebble that cannot start says so', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'pebble-'));
  const options = { binary: join(directory, 'absent'), dnsAddress: '127.0.0.1:1', directory };
  await expect(startPebble(options)).rejects.toThrow('Pebble did not start');
  await rm(directory, { recursive: true });
});
