import { expect, test } from 'vitest';
import { accountKeyName } from '#shared/issuers/account-name.ts';

test('an account is that of a directory in normal form, and of a binding', () => {
  const plain = accountKeyName({ directory: 'https://ca.example/dir' });
  expect(plain).toMatch(/^ca\.example-[0-9a-f]{12}$/);
  expect(accountKeyName({ directory: 'https://CA.example:443/dir' })).toBe(plain);
  expect(accountKeyName({ directory: 'https://ca.example/other' })).not.toBe(plain);
  const bound = { directory: 'https://ca.example/dir', externalAccountBinding: { secret: 'a' } };
  expect(accountKeyName(bound)).not.toBe(plain);
});
