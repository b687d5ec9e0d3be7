import { expect, test } from 'vitest';
import { renderWarnings } from '#shared/config-file/messages/render.ts';
import { type BoundYaml, warningsAtOneListener, wild } from '#test/support/shared-listener.ts';

const swap = 'Bind www with "certificate: sni" and wild with "certificate: default", leave';

test.each<[string, string, readonly BoundYaml[]]>([
  [
    'a default under a wildcard in the list may change places with it',
    swap,
    [
      ['www', 'www.example.com', 'default'],
      ['wild', wild, 'sni'],
    ],
  ],
  [
    'a name in the list may leave the default to the wildcard beside it',
    'Bind wild with "certificate: default", leave the name out',
    [
      ['www', 'www.example.com', 'sni'],
      ['wild', wild, 'sni'],
    ],
  ],
  [
    'an RSA default joins the list',
    'Bind old with "certificate: sni", or "both" to keep it as the default',
    [
      ['old', 'shop.example.com', 'default', 'rsa-2048'],
      ['new', 'shop.example.com', 'sni'],
    ],
  ],
])('%s', (_, fix, bound) => {
  expect(warningsAtOneListener(...bound)[0]?.fix).toContain(fix);
});

test('changing places is not advised where it changes nothing, or the place is taken', () => {
  const same = warningsAtOneListener(
    ['one', 'www.example.com', 'default'],
    ['two', 'www.example.com', 'sni'],
  );
  expect(same[0]?.fix).toMatch(/^Leave the name out/);
  const taken = warningsAtOneListener(
    ['base', 'example.net', 'default'],
    ['wild', wild, 'sni'],
    ['pay', 'pay.example.com', 'sni'],
  );
  expect(taken).toHaveLength(1);
  expect(taken[0]?.fix).toMatch(/^Leave the name out/);
});

test('the text that people read', () => {
  const warnings = warningsAtOneListener(
    ['www', 'www.example.com', 'default', 'rsa-2048'],
    ['wild', wild, 'sni', 'rsa-2048'],
    ['new', 'www.example.com', 'sni'],
  );
  expect(renderWarnings(warnings, 'certkeep.yaml')).toBe(told);
});

const at =
  'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2';

const told = `certkeep.yaml: 1 warning

  certificates.www.targets[0] (line 11)
    "www.example.com" is not answered by www: wild has it in the SNI list of ${at}, and a match there beats the default certificate
    11 |     targets: [{type: alb, listener: "${at}", certificate: default}]
                       ^
    fix: Bind www with "certificate: sni" and wild with "certificate: default", leave the name out of one of the two, or give one an ECDSA and the other an RSA key and bind both with "certificate: sni".
`;
