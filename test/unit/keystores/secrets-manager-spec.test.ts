import { expect, test } from 'vitest';
import { versionToken } from '#shared/keystores/secrets-manager/material.ts';
import { secretsManagerSpec } from '#shared/keystores/secrets-manager/spec.ts';

test('the example of the specification is valid, and an unknown key is not', () => {
  const { schema, example } = secretsManagerSpec;
  expect(schema.safeParse(example).success).toBe(true);
  expect(schema.safeParse({ ...example, colour: 'red' }).success).toBe(false);
});

test('tokens are 36 characters, the same for the same version and different for any other', () => {
  const token = versionToken('shop', 'v1', 'key');
  expect(token).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(versionToken('shop', 'v1', 'key')).toBe(token);
  const others = [
    versionToken('shop', 'v1', 'full'),
    versionToken('shop', 'v2', 'key'),
    versionToken('blog', 'v1', 'key'),
    versionToken('shopv', '1', 'key'),
  ];
  expect(new Set([token, ...others]).size).toBe(5);
});
