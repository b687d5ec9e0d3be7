import { makeCertificate, sharedCa } from 'local-cloud/kit/certificates.ts';
import { describe, expect, test } from 'vitest';
import { splitChain } from '#shared/issuers/acme/chain/chain.ts';

describe('what the CA sends', () => {
  test('is split into leaf and chain, in order and without the root', async () => {
    const { certificatePem, chainPem } = await makeCertificate();
    const { rootPem } = await sharedCa();
    const split = splitChain(`${certificatePem}\n${rootPem}\n${chainPem}`);
    expect(split.certificatePem.trim()).toBe(certificatePem.trim());
    expect(split.chainPem.trim()).toBe(chainPem.trim());
  });

  test('may be the leaf alone, of a private CA whose root signs', async () => {
    const { certificatePem } = await makeCertificate();
    expect(splitChain(certificatePem).chainPem).toBe('');
  });

  test.each([
    ['JSON', {}, 'no PEM'],
    ['nothing', '', 'no certificate'],
    ['garbage', pem('CERTIFICATE'), 'unreadable'],
    ['a key', pem('PRIVATE KEY'), 'other than certificates'],
  ])('is not believed when it is %s', (_, body, why) => {
    expect(() => splitChain(body)).toThrow(why);
  });

  test('counts once where it is sent twice', async () => {
    const { certificatePem, chainPem } = await makeCertificate();
    const once = splitChain(`${certificatePem}\n${chainPem}`);
    expect(splitChain(`${certificatePem}\n${chainPem}\n${chainPem}`)).toEqual(once);
    expect(splitChain(`${certificatePem}\n${certificatePem}\n${chainPem}`)).toEqual(once);
  });

  test('may hold what belongs to another chain, which is left out', async () => {
    const { certificatePem, chainPem } = await makeCertificate();
    const other = await makeCertificate({ names: ['other.example.com'] });
    const split = splitChain(`${certificatePem}\n${other.certificatePem}\n${chainPem}`);
    expect(split.chainPem.trim()).toBe(chainPem.trim());
    expect(split.ignored).toHaveLength(1);
  });

  test('is not believed where nothing certifies the leaf', async () => {
    const { certificatePem } = await makeCertificate();
    const other = await makeCertificate({ names: ['other.example.com'] });
    const body = `${certificatePem}\n${other.certificatePem}`;
    expect(() => splitChain(body)).toThrow('outside of its chain');
  });

  test('is not believed with a hundred certificates', async () => {
    const { certificatePem, chainPem } = await makeCertificate();
    const body = `${certificatePem}\n${`${chainPem}\n`.repeat(100)}`;
    expect(() => splitChain(body)).toThrow('more than 10');
  });
});

function pem(label: string): string {
  return `-----BEGIN ${label}-----\nAAAA\n-----END ${label}-----\n`;
}
