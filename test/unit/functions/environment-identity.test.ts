import { expect, test } from 'vitest';
import { environmentIdentity } from '#functions/environment-identity.ts';

const keys = { AWS_ACCESS_KEY_ID: 'ASIA1', AWS_SECRET_ACCESS_KEY: 'secret' };

test('the identity of a role has its session token', () => {
  expect(environmentIdentity({ ...keys, AWS_SESSION_TOKEN: 'token', PATH: '/bin' })).toEqual({
    accessKeyId: 'ASIA1',
    secretAccessKey: 'secret',
    sessionToken: 'token',
  });
});

test('a key without a session token has none', () => {
  expect(environmentIdentity(keys)).toEqual({ accessKeyId: 'ASIA1', secretAccessKey: 'secret' });
});

test.each(['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])('%s must be there', (name) => {
  expect(() => environmentIdentity({ ...keys, [name]: '' })).toThrow(name);
});
