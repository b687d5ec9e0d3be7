import { expect, test } from 'vitest';
import { readEnvironment } from '#functions/environment.ts';

test('everything that is missing or wrong is said at once, each with its reason', () => {
  const read = () =>
    readEnvironment({
      AWS_REGION: 'eu-west-1',
      CERTKEEP_CONFIG_SHA256: 'abc',
      CERTKEEP_POLL_MS: '-1',
      CERTKEEP_RETRY_DELAYS_MS: '1,soon',
    });
  expect(read).toThrow(/expected string, received undefined\n *→ at CERTKEEP_BUCKET/);
  expect(read).toThrow(/must match pattern .*\n *→ at CERTKEEP_CONFIG_SHA256/);
  expect(read).toThrow(/expected number to be >=0\n *→ at CERTKEEP_POLL_MS/);
  expect(read).toThrow(/must match pattern .*\n *→ at CERTKEEP_RETRY_DELAYS_MS/);
});
