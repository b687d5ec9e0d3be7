import { sign } from 'node:crypto';
import { createCertificateAuthority, makeKey, type RevokedEntry } from 'local-cloud/ca/x509.ts';
import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { afterEach, describe, expect, test } from 'vitest';
import { revocationsByList } from '#shared/acquire/advice/revocations.ts';
import { fetchRevocationList, type ListSource } from '#shared/crl/fetch.ts';
import { readRevocationList } from '#shared/crl/list.ts';
import { usualListMiB } from '#shared/crl/list-size.ts';
import { addMs, dayMs, hourMs } from '#shared/time/clock.ts';
import { withinDeadline } from '#shared/time/deadline.ts';
import { element, elementAt, elementsIn, tags } from '#shared/x509/der.ts';
import { type PlainServer, startPlainServer } from '#test/support/plain-server.ts';

const now = new Date('2026-11-22T03:00:00Z');
const url = 'http://crl.example/1.crl';
const ca = await createCertificateAuthority({ name: 'Test', now });
const entries: readonly RevokedEntry[] = [
  { serial: '04a1b2', at: new Date('2026-11-20T10:00:00Z'), reason: 1 },
  { serial: '00ff00', at: new Date('2026-11-21T10:00:00Z'), reason: 4 },
];

/** Of a private CA on this machine, with the limit that holds where nothing is configured. */
function sourceOf(): ListSource {
  return { trustedHost: '127.0.0.1', isPrivateCa: true, mostBytes: usualListMiB << 20 };
}

function listOf(
  change: Partial<Parameters<typeof ca.revocationList>[0]> = {},
  authority = ca,
): Promise<Buffer> {
  return authority.revocationList({
    url,
    entries,
    thisUpdate: now,
    nextUpdate: addMs(now, 7 * dayMs),
    ...change,
  });
}

function read(der: Buffer, at = now) {
  return readRevocationList(der, { url, issuerPem: ca.intermediatePem, now: at });
}

/** As the holder of a key would sign it, with other times in it. */
async function signedWith(times: readonly [string, string]) {
  const { privateKey, publicKey } = makeKey('ecdsa-p256');
  const names = ['signer.example'];
  const notAfter = addMs(now, dayMs);
  const { certificatePem } = await ca.issue({ names, publicKey, notBefore: now, notAfter });
  const [tbs, algorithm] = elementsIn(elementAt(await listOf()).content);
  const written = tbs?.whole.toString('latin1').replace(...times) ?? '';
  const changed = Buffer.from(written, 'latin1');
  const signature = element(tags.bitString, Buffer.of(0), sign('sha256', changed, privateKey));
  const der = element(tags.sequence, changed, algorithm?.whole ?? Buffer.of(), signature);
  return () => readRevocationList(der, { url, issuerPem: certificatePem, now });
}

describe('a list', () => {
  test('says what is revoked, since when and why', async () => {
    const { count, find, nextUpdate } = read(await listOf());
    expect(nextUpdate).toEqual(addMs(now, 7 * dayMs));
    expect(count).toBe(2);
    expect(find('4A1B2')).toEqual({
      at: new Date('2026-11-20T10:00:00Z'),
      reason: 'keyCompromise',
    });
    expect(find('00ff00')).toEqual({ at: new Date('2026-11-21T10:00:00Z'), reason: 'superseded' });
    expect(find('FF')).toBeNull();
  });

  test.each([
    ['of its next one', '261129030000Z', '261399030000Z'],
    ['of a revocation', '261120100000Z', '261120990000Z'],
  ])('with a time %s that no calendar has is not believed', async (_, from, to) => {
    const read = await signedWith([from, to]);
    expect(read).toThrow('the revocation list holds a time that is none');
    expect((await signedWith([from, from]))().count).toBe(2);
  });

  test('may be empty', async () => {
    expect(read(await listOf({ entries: [] })).count).toBe(0);
  });

  test('of hundreds is read', async () => {
    const many = Array.from({ length: 500 }, (_, index) => ({
      serial: (0x100000 + index).toString(16),
      at: now,
      reason: 0,
    }));
    const der = await listOf({ entries: many });
    const list = read(der);
    expect(list.count).toBe(500);
    // Nothing is made of the entries until one is asked for.
    expect(list).toEqual({
      nextUpdate: expect.any(Date),
      bytes: der.length,
      count: 500,
      find: expect.any(Function),
    });
  });

  test.each<[string, () => Promise<Buffer>, string]>([
    [
      'of another signer',
      async () => listOf({}, await createCertificateAuthority({ name: 'Test', now })),
      'not signed by the issuer',
    ],
    [
      'of another address',
      () => listOf({ url: 'http://crl.example/2.crl' }),
      'is the one at http://crl.example/2.crl',
    ],
    ['that is over', () => listOf({ nextUpdate: now }), 'is over'],
    ['that was changed', async () => changed(await listOf()), 'not signed by the issuer'],
    ['cut short', async () => (await listOf()).subarray(0, 200), 'is no DER'],
    ['that is a page', async () => Buffer.from('<html>not found</html>'), 'is no DER'],
    ['that is nothing', async () => Buffer.alloc(0), 'is no DER'],
    ['of DER without a list in it', async () => Buffer.of(0x30, 0x00), 'is incomplete'],
  ])('%s is not believed', async (_, make, why) => {
    const der = await make();
    expect(() => read(der)).toThrow(
      expect.objectContaining({
        name: 'RevocationListInvalid',
        message: expect.stringContaining(why),
      }),
    );
  });
});

function changed(der: Buffer): Buffer {
  const at = der.indexOf(Buffer.from('04a1b2', 'hex'));
  const copy = Buffer.from(der);
  copy[at + 2] = 0xb3;
  return copy;
}

describe('over the wire', () => {
  let server: PlainServer;
  afterEach(() => server?.close());

  const question = (crlUrl: string) => ({
    serial: '04A1B2',
    crlUrl,
    issuerPem: ca.intermediatePem,
    source: sourceOf(),
  });

  test('a list is fetched once an hour, whoever asks', async () => {
    server = await startPlainServer(async (_, response) => {
      response.end(await listOf({ url: `${server.origin}/1.crl` }));
    });
    const clock = virtualClock();
    const revocations = revocationsByList(clock);
    const asked = question(`${server.origin}/1.crl`);
    expect(await revocations(asked)).toMatchObject({ reason: 'keyCompromise' });
    expect(await revocations({ ...asked, serial: '0123' })).toMatchObject({ revokedAt: null });
    expect(server.received()).toBe(1);
    clock.advance(hourMs);
    await revocations(asked);
    expect(server.received()).toBe(2);
  });

  test('lists are kept as the bytes that came, the newest of them, up to a limit in bytes', async () => {
    const lists = new Map<string, Buffer>();
    const paths = ['/1.crl', '/2.crl', '/3.crl'];
    server = await startPlainServer(({ url: path = '' }, response) => {
      response.end(lists.get(path));
    });
    for (const path of paths) lists.set(path, await listOf({ url: `${server.origin}${path}` }));
    const { length = 0 } = lists.get('/1.crl') ?? {};
    const revocations = revocationsByList(virtualClock(), 2.5 * length);
    const ask = (path: string) => revocations(question(`${server.origin}${path}`));
    for (const path of paths) await ask(path);
    expect(server.received()).toBe(3);
    for (const path of ['/2.crl', '/3.crl']) await ask(path);
    expect(server.received()).toBe(3);
    await ask('/1.crl');
    expect(server.received()).toBe(4);
  });

  test.each<[string, number, Buffer, string]>([
    ['404', 404, Buffer.alloc(0), 'answered 404'],
    ['a redirect', 302, Buffer.alloc(0), 'answered 302'],
    ['more than two MiB', 200, Buffer.alloc((2 << 20) + 1), 'more than 2097152 bytes'],
  ])('%s is no list', async (_, status, body, why) => {
    server = await startPlainServer((_request, response) => {
      response.writeHead(status, { location: 'http://metadata.internal/' }).end(body);
    });
    await expect(fetchRevocationList(`${server.origin}/1.crl`, sourceOf())).rejects.toMatchObject({
      name: 'RevocationListUnavailable',
      message: expect.stringContaining(why),
    });
  });

  test.each([
    '127.0.0.1',
    '[::1]',
    '2130706433',
    '169.254.169.254',
    '[::ffff:127.0.0.1]',
    'localhost',
  ])('an address on this machine is not asked: %s', async (host) => {
    server = await startPlainServer((_, response) => void response.end());
    const { port } = new URL(server.origin);
    const asked = fetchRevocationList(`http://${host}:${port}/1.crl`, {
      ...sourceOf(),
      trustedHost: 'ca.example',
    });
    await expect(asked).rejects.toMatchObject({
      name: 'RevocationListUnavailable',
      message: expect.stringContaining('is refused'),
    });
    expect(server.received()).toBe(0);
  });

  test('the end of the run ends it, and is no failure of the CA', async () => {
    server = await startPlainServer(() => undefined);
    const over = new AbortController();
    const asked = withinDeadline(over.signal, () =>
      fetchRevocationList(`${server.origin}/1.crl`, sourceOf()),
    );
    over.abort(new Error('the run is over'));
    await expect(asked).rejects.toThrow('the run is over');
  });
});
