import { expect, test } from 'vitest';
import { renderProblems } from '#shared/config-file/messages/render.ts';
import {
  albYaml,
  certificatesYaml,
  configYaml,
  parsed,
  problemsOf,
} from '#test/support/config-yaml.ts';
import { isFull } from '#test/support/full.ts';

const many = isFull ? 10_000 : 2_000;

/** `count` certificates; every `wrongEvery`-th has one mistake, each kind in turn. */
function fleet(count: number, wrongEvery = 0): string {
  const mistakesOf = (n: number) => [
    { names: '["a b.example.com"]' },
    { issuer: 'letsencript' },
    { key: 'rsa-1024' },
    { targets: `[{type: clb, loadBalancer: old${n}}]` },
    { more: 'renewBefore: 3' },
  ];
  const certificates = Object.fromEntries(
    Array.from({ length: count }, (_, n) => {
      const wrong = wrongEvery > 0 && n % wrongEvery === 0;
      const healthy = {
        names: `[c${n}.example.com, "*.c${n}.example.com"]`,
        targets: `[${albYaml('sni')}]`,
      };
      return [`c${n}`, { ...healthy, ...(wrong ? mistakesOf(n)[(n / wrongEvery) % 5] : {}) }];
    }),
  );
  return configYaml({ certificates: certificatesYaml(certificates) });
}

test('ten mistakes among a thousand certificates are all named, each at its line', () => {
  const problems = problemsOf(fleet(1_000, 100));
  expect(problems).toHaveLength(10);
  expect(problems.every(({ line, fix }) => line !== null && fix !== '')).toBe(true);
  expect(problems.map(({ path }) => path.split('.')[1])).toEqual(
    Array.from({ length: 10 }, (_, n) => `c${n * 100}`),
  );
});

test('a mistake in every tenth of a thousand certificates gives a hundred problems', () => {
  const problems = problemsOf(fleet(1_000, 10));
  expect(problems).toHaveLength(100);
  expect(renderProblems(problems, 'certkeep.yaml').match(/fix:/g)).toHaveLength(100);
});

test(`${many} certificates are read`, () => {
  expect(parsed(fleet(many)).config.certificates).toHaveLength(many);
});

test('with very many problems, the first are shown and the rest counted', () => {
  const text = renderProblems(problemsOf(fleet(1_000, 2)), 'certkeep.yaml', 3);
  expect(text.match(/fix:/g)).toHaveLength(3);
  expect(text).toMatch(/^certkeep\.yaml: 500 problems\n/);
  expect(text).toContain('… and 497 more.');
});

test('problems read as a list of place, mistake and fix', () => {
  const text = configYaml({ replicas: 'replica: [eu-west-1]' });
  expect(renderProblems(problemsOf(text), 'certkeep.yaml')).toBe(`certkeep.yaml: 1 problem

  replica (line 2)
    "replica" is not a key known here
    2 | replica: …
        ^^^^^^^
    fix: Did you mean "replicas"?
`);
});
