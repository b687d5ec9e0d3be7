import { inspect } from 'node:util';
import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { describe, expect, test } from 'vitest';
import { CertkeepError } from '#shared/errors.ts';
import { Secret } from '#shared/secret.ts';
import { readCredentials, withCredentials } from '#shared/solvers/credentials.ts';
import { minuteMs } from '#shared/time/clock.ts';

const fields = ['keyId', 'keySecret'] as const;

describe('the value of a secret', () => {
  test('gives each field as a secret, without the line break that editors leave', () => {
    const held = { keyId: 'id', keySecret: 'top-secret\n', more: 'is not looked at' };
    const credentials = readCredentials('dns/x', new Secret(JSON.stringify(held)), fields);
    expect(credentials.keySecret.reveal()).toBe('top-secret');
    expect(inspect(credentials)).not.toContain('top-secret');
    expect(Object.keys(credentials)).toEqual(['keyId', 'keySecret']);
  });

  const wanted = '{"keyId": "…", "keySecret": "…"}';
  const form = `secret dns/x does not hold JSON of the form ${wanted}`;
  test.each([
    ['a bare token', 'hunter2', form],
    ['a text', '"hunter2"', form],
    ['nothing', '', form],
    ['null', 'null', form],
    ['a list', '["hunter2"]', `secret dns/x has no text for keyId, keySecret; it holds ${wanted}`],
    ['another form', '{"hunter2":"x"}', 'secret dns/x has no text for keyId, keySecret'],
    ['half of it', '{"keyId":"hunter2"}', 'secret dns/x has no text for keySecret'],
    ['a number', '{"keyId":"hunter2","keySecret":7}', 'has no text for keySecret'],
    [
      'a text over two lines',
      '{"keyId":"id","keySecret":"hunter2\\nhunter2"}',
      'secret dns/x has spaces, line breaks or letters outside of ASCII in keySecret',
    ],
    ['an empty text', '{"keyId":"hunter2","keySecret":" "}', 'has no text for keySecret'],
  ])('that is %s is reported without being quoted', (_, text, message) => {
    const read = () => readCredentials('dns/x', new Secret(text), fields);
    expect(read).toThrow(message);
    try {
      read();
    } catch (error) {
      expect(error).toMatchObject({ name: 'DnsCredentialsUnreadable', retryable: false });
      expect(inspect(error)).not.toContain('hunter2');
    }
  });
});

describe('credentials', () => {
  function lab() {
    const clock = virtualClock();
    let reads = 0;
    const read = async () => {
      reads += 1;
      return new Secret(JSON.stringify({ keyId: `id${reads}`, keySecret: 'x' }));
    };
    const run = withCredentials({ secret: 'dns/x', fields, read, clock });
    return { clock, run, reads: () => reads };
  }
  const refused = new CertkeepError('DnsCredentialsRefused', 'no');

  test('are read once in five minutes', async () => {
    const { clock, run, reads } = lab();
    for (let n = 0; n < 3; n += 1) await run(async () => null);
    expect(reads()).toBe(1);
    clock.advance(5 * minuteMs);
    await run(async () => null);
    expect(reads()).toBe(2);
  });

  test('that were kept and are refused are read again, once', async () => {
    const { run, reads } = lab();
    await run(async () => null);
    const seen: string[] = [];
    const call = run(async ({ keyId }) => {
      seen.push(keyId.reveal());
      throw refused;
    });
    await expect(call).rejects.toBe(refused);
    expect(seen).toEqual(['id1', 'id2']);
    expect(reads()).toBe(2);
  });

  test('that are new and refused are not read again, and no other error reads them', async () => {
    const { run, reads } = lab();
    await expect(run(() => Promise.reject(refused))).rejects.toBe(refused);
    expect(reads()).toBe(1);
    await run(async () => null);
    const throttled = new CertkeepError('DnsRateLimited', 'slow down');
    await expect(run(() => Promise.reject(throttled))).rejects.toBe(throttled);
    expect(reads()).toBe(2);
  });
});
