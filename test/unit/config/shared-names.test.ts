import { expect, test } from 'vitest';
import {
  albYaml,
  certificatesYaml,
  configYaml,
  nlbYaml,
  parsed,
} from '#test/support/config-yaml.ts';
import {
  type BoundYaml,
  warningsAt,
  warningsAtOneListener,
  wild,
} from '#test/support/shared-listener.ts';

const other =
  'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab3';

test.each<[string, string, readonly BoundYaml[]]>([
  [
    'a wildcard and a special name in one list',
    'certificates.pay.targets[0] may be answered by pay or by wild:',
    [
      ['wild', wild, 'sni'],
      ['pay', 'pay.example.com', 'sni'],
    ],
  ],
  [
    'the same the other way round',
    'certificates.pay.targets[0] may be answered by pay or by wild:',
    [
      ['pay', 'pay.example.com', 'sni'],
      ['wild', wild, 'sni'],
    ],
  ],
  [
    'a default beside a wildcard in the list',
    'certificates.www.targets[0] is not answered by www: wild has it in the SNI list',
    [
      ['www', 'www.example.com', 'default'],
      ['wild', wild, 'sni'],
    ],
  ],
  [
    'one name of the default beside a wildcard in the list',
    'certificates.www.targets[0] is not answered by www: wild has it in the SNI list',
    [
      ['www', 'example.com, www.example.com', 'default'],
      ['wild', wild, 'sni'],
    ],
  ],
  [
    'two of the same names',
    'certificates.store.targets[0] may be answered by store or by shop:',
    [
      ['shop', 'shop.example.com', 'sni'],
      ['store', 'shop.example.com', 'sni'],
    ],
  ],
  [
    'a longer key',
    'certificates.weak.targets[0] is not answered by weak: strong has it in the SNI list',
    [
      ['weak', 'shop.example.com', 'sni', 'rsa-2048'],
      ['strong', wild, 'sni', 'rsa-4096'],
    ],
  ],
  [
    'an RSA default beside an ECDSA certificate in the list',
    'certificates.old.targets[0] is for old, the default of ',
    [
      ['old', 'shop.example.com', 'default', 'rsa-2048'],
      ['new', 'shop.example.com', 'sni'],
    ],
  ],
  [
    'an ECDSA default beside an RSA certificate in the list',
    'certificates.new.targets[0] is for new, the default of ',
    [
      ['new', 'shop.example.com', 'default'],
      ['old', 'shop.example.com', 'sni', 'rsa-2048'],
    ],
  ],
  [
    'a wildcard that is both and a special name',
    'certificates.pay.targets[0] may be answered by pay or by wild:',
    [
      ['wild', wild, 'both'],
      ['pay', 'pay.example.com', 'sni'],
    ],
  ],
])('%s: told once, with both certificates', (_, told, bound) => {
  const warnings = warningsAtOneListener(...bound);
  expect(warnings).toHaveLength(1);
  expect(warnings[0] && `${warnings[0].path} ${warnings[0].message}`).toContain(told);
  expect(warnings[0]?.message).toContain('listener/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2');
});

test('two certificates of one Network Load Balancer that answer for one name are told as well', () => {
  const bound: readonly BoundYaml[] = [
    ['www', 'www.example.com', 'default'],
    ['wild', wild, 'sni'],
  ];
  expect(warningsAt(nlbYaml, bound)).toMatchObject([
    {
      path: 'certificates.www.targets[0]',
      message: expect.stringContaining(
        'is not answered by www: wild has it in the SNI list of arn:',
      ),
    },
  ]);
});

test.each<[string, readonly BoundYaml[]]>([
  [
    'a wildcard default and a special name in the list',
    [
      ['wild', wild, 'default'],
      ['pay', 'pay.example.com', 'sni'],
    ],
  ],
  [
    'RSA and ECDSA of one name, both in the list',
    [
      ['old', 'shop.example.com', 'sni', 'rsa-2048'],
      ['new', 'shop.example.com', 'sni'],
    ],
  ],
  [
    'RSA and ECDSA of one name, one of them the default as well',
    [
      ['old', 'shop.example.com', 'both', 'rsa-2048'],
      ['new', 'shop.example.com', 'sni'],
    ],
  ],
  [
    'an RSA wildcard and an ECDSA name under it',
    [
      ['wild', wild, 'sni', 'rsa-2048'],
      ['pay', 'pay.example.com', 'sni'],
    ],
  ],
  [
    'a wildcard and a name two levels below it',
    [
      ['wild', wild, 'sni'],
      ['deep', 'a.pay.example.com', 'sni'],
    ],
  ],
  [
    'an apex and its wildcard',
    [
      ['apex', 'example.com', 'sni'],
      ['wild', wild, 'sni'],
    ],
  ],
])('%s: each gets its own, and nothing is said', (_, bound) => {
  expect(warningsAtOneListener(...bound)).toEqual([]);
});

test('the same names on two listeners do not meet', () => {
  const certificates = certificatesYaml({
    a: { targets: `[${albYaml('sni')}]` },
    b: { targets: `[${albYaml('sni', other)}]` },
  });
  const { warnings } = parsed(configYaml({ certificates }));
  expect(warnings.map(({ path }) => path)).toEqual(['certificates.b.names']);
});

test('two certificates that share names on two listeners are reported at each', () => {
  const both = `[${albYaml('sni')}, ${albYaml('sni', other)}]`;
  const certificates = certificatesYaml({ a: { targets: both }, b: { targets: both } });
  const { warnings } = parsed(configYaml({ certificates }));
  expect(warnings.map(({ path }) => path)).toEqual([
    'certificates.b.names',
    'certificates.b.targets[0]',
    'certificates.b.targets[1]',
  ]);
});

test('with many shared names, one is shown and the others are counted', () => {
  const names = 'a.example.com, b.example.com, c.example.com';
  const [warning, ...more] = warningsAtOneListener(['one', names, 'sni'], ['two', names, 'sni']);
  expect(more).toEqual([]);
  expect(warning).toMatchObject({
    value: 'a.example.com',
    message: expect.stringMatching(/^\(and 2 more\) may be answered by two or by one:/),
  });
});

test('a wildcard is shown as it is written', () => {
  expect(warningsAtOneListener(['one', wild, 'sni'], ['two', wild, 'sni'])[0]?.value).toBe(
    '*.example.com',
  );
});

test('three certificates with one name are reported in pairs', () => {
  const name = 'shop.example.com';
  const warnings = warningsAtOneListener(
    ['a', name, 'sni'],
    ['b', name, 'sni'],
    ['c', name, 'sni'],
  );
  const pairs = warnings.map(({ message }) =>
    /answered by (\w) or by (\w):/.exec(message)?.slice(1),
  );
  expect(pairs).toEqual([
    ['b', 'a'],
    ['c', 'a'],
    ['c', 'b'],
  ]);
});
