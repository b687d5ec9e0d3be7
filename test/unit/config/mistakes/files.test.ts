import { expect, test } from 'vitest';
import { renderProblems } from '#shared/config-file/messages/render.ts';
import { configYaml, problemsOf } from '#test/support/config-yaml.ts';
import { problemOf } from '#test/support/mistakes.ts';

test('a file in UTF-16 is told as such', () => {
  for (const text of [configYaml(), `\ufeff${configYaml()}`]) {
    const asUtf8 = Buffer.from(text, 'utf16le').toString('utf8');
    expect(problemOf(asUtf8)).toMatchObject({
      message: 'is saved as UTF-16, of which nothing can be read',
      fix: expect.stringContaining('UTF-8'),
    });
  }
});

test('line ends of old Macs are told as such', () => {
  expect(problemOf(configYaml().replaceAll('\n', '\r')).message).toContain(
    'CR alone, as on old Macs',
  );
  const mixed = configYaml().replace('\nreplicas', '\rreplicas');
  expect(problemOf(mixed).message).toBe('has a line end of CR alone on line 1');
});

test.each([
  ['names: [“example.com”]', 'certificates.shop.names[0]', 'has a curly quote (“) at column 13'],
  ['names: [„example.com“]', 'certificates.shop.names[0]', 'has a low quote („) at column 13'],
  ['names: [example.com’]', 'certificates.shop.names[0]', 'has a curly quote (’) at column 24'],
  ['“names”: [example.com]', 'certificates.shop.names', 'has a curly quote (“) at column 5'],
])('curly quotes are named with their column: %s', (line, path, message) => {
  const certificates = `certificates:\n  shop:\n    issuer: letsencrypt\n    ${line}`;
  const [problem, ...others] = problemsOf(configYaml({ certificates }));
  expect(others).toEqual([]);
  expect(problem).toMatchObject({ path, fix: 'Write straight quotes: ".' });
  expect(problem?.message).toContain(message);
});

test.each([
  ['Certificate', '"names:"'],
  ['ClusterIssuer', '"directory:"'],
  ['Issuer', '"hostedZoneId:"'],
])('a %s of cert-manager is told as such, and how it is written here', (kind, fix) => {
  const text = `apiVersion: cert-manager.io/v1\nkind: ${kind}\nmetadata: {name: example-com}\nspec: {dnsNames: [example.com]}\n`;
  const problem = problemOf(text);
  expect(problem).toMatchObject({ path: 'kind', line: 2, value: `cert-manager.io/v1 ${kind}` });
  expect(problem.message).toContain('is a resource of cert-manager');
  expect(problem.fix).toContain(fix);
});

test('another resource of Kubernetes is told as such too', () => {
  const { message } = problemOf('apiVersion: v1\nkind: Secret\ndata: {}\n');
  expect(message).toBe('is a resource of Kubernetes, which certkeep does not read');
});

test('one slip of syntax is one problem of its line', () => {
  const text = 'home:\n  account: "1"\n\tregion: x\n';
  expect(problemsOf(text).filter(({ line }) => line === 3)).toHaveLength(1);
  expect(renderProblems(problemsOf(text), 'certkeep.yaml')).toContain('3 |  region: x\n');
});
