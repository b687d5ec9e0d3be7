import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { InvalidConfig, readConfig } from '#infra/config-file.ts';
import { readTimings } from '#infra/timings.ts';
import { albYaml, certificatesYaml, configYaml } from '#test/support/config-yaml.ts';
import { isFull } from '#test/support/full.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'certkeep-app-'));
});
afterAll(() => rm(directory, { recursive: true }));

/** Runs an app as the CDK command line does, over the sources of certkeep: what others install is made of them (npm run try-package). */
async function run(app: string, context: Readonly<Record<string, string>> = {}) {
  const options = ['--conditions=certkeep-sources', app];
  const outdir = await mkdtemp(join(directory, 'out-'));
  const env = { ...process.env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify(context) };
  return new Promise<{ status: number | null; stderr: string; files: readonly string[] }>(
    (resolve) => {
      const child = execFile(process.execPath, options, { env }, (_, _stdout, stderr) => {
        void readdir(outdir).then((files) => resolve({ status: child.exitCode, stderr, files }));
      });
    },
  );
}

const templatesIn = (files: readonly string[]) =>
  files.filter((name) => name.endsWith('.template.json')).toSorted();

/** The example has an address of nobody's, which is told until somebody has written another. */
const ofExample =
  /^certkeep\.example\.yaml: 1 warning\n\n {2}alerts\.email\[0\] \(line \d+\)\n(?: {4}.*\n)+ {4}fix: Write an address of yours\.\n\n$/;

test('the example synthesizes without a finding or any other noise than a warning', async () => {
  const { status, stderr, files } = await run('infra/app.ts', { config: 'certkeep.example.yaml' });
  expect(status).toBe(0);
  expect(stderr).toMatch(ofExample);
  expect(templatesIn(files)).toEqual([
    'Certkeep.template.json',
    'Key.template.json',
    'Replica-eu-west-1.template.json',
    'ReplicaKey-eu-west-1.template.json',
  ]);
});

test.runIf(isFull)(
  'neither does one whose names are proven over HTTP, at home and elsewhere',
  async () => {
    const at = (account: string, name: string) =>
      `arn:aws:elasticloadbalancing:us-east-1:${account}:listener/app/${name}/50dc6c495c0c9188/0467ef3c8400ae65`;
    const file = join(directory, 'http.yaml');
    const solvers = [
      `{type: alb-http01, listener: "${at('123456789012', 'web')}"}`,
      `{type: alb-http01, listener: "${at('123456789012', 'api')}", rule: permanent, priority: 1, selector: {dnsZones: [a.example.com]}}`,
      `{type: alb-http01, listener: "${at('210987654321', 'far')}", selector: {dnsZones: [b.example.com]}}`,
    ];
    await writeFile(
      file,
      configYaml({
        replicas: '',
        alerts: 'alerts: {email: [ops@certkeep.dev], heartbeat: {secret: ops/heartbeat}}',
        solvers: `solvers: [${solvers.join(', ')}]`,
        certificates: certificatesYaml({
          shop: { names: '[shop.example.com, a.example.com, b.example.com]' },
        }),
      }),
    );
    const { status, stderr, files } = await run('infra/app.ts', { config: file });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(templatesIn(files)).toEqual([
      'Certkeep.template.json',
      'Key.template.json',
      'Place-210987654321.template.json',
    ]);
  },
);

test('an invalid configuration fails with every path and fix before there is a template', async () => {
  const file = join(directory, 'wrong.yaml');
  await writeFile(file, configYaml({ replicas: 'replicas: [us-east-1, nowhere]' }));
  const { status, stderr, files } = await run('infra/app.ts', { config: file });
  expect(status).toBe(1);
  expect(stderr).toMatch(/replicas\[0\] \(line \d+\)\n.*home region.*\n.*\n +\^+\n {4}fix: /);
  expect(stderr).toMatch(/replicas\[1\] \(line \d+\)\n.*"nowhere".*\n.*\n +\^+\n {4}fix: /);
  expect(stderr).not.toMatch(/ {4}at /);
  expect(templatesIn(files)).toEqual([]);
});

test('a possible mistake is reported, and synthesized all the same', async () => {
  const file = join(directory, 'shadowed.yaml');
  const certificates = certificatesYaml({
    wild: { names: '["*.example.com"]', targets: `[${albYaml('sni')}]` },
    pay: { names: '[pay.example.com]', targets: `[${albYaml('sni')}]` },
  });
  const alerts = 'alerts: {email: [ops@certkeep.dev], heartbeat: {secret: ops/heartbeat}}';
  await writeFile(file, configYaml({ alerts, replicas: '', certificates }));
  const { status, stderr, files } = await run('infra/app.ts', { config: file });
  expect(status).toBe(0);
  expect(stderr).toMatch(/shadowed\.yaml: 1 warning\n/);
  expect(stderr).toMatch(
    /certificates\.pay\.targets\[0\] \(line \d+\)\n.*by pay or by wild.*\n.*\n +\^\n {4}fix: /,
  );
  expect(templatesIn(files)).toEqual(['Certkeep.template.json', 'Key.template.json']);
});

test('a missing configuration says what to copy', () => {
  const read = () => readConfig(join(directory, 'none.yaml'));
  expect(read).toThrow(InvalidConfig);
  expect(read).toThrow(/cannot be read: .*none\.yaml[^\n]*\nfix: copy certkeep\.example\.yaml/);
});

test('waits that nobody knows are refused by name', () => {
  const read = () => readTimings('{"pollMs":0,"pole":1}');
  expect(read).toThrow(InvalidConfig);
  expect(read).toThrow(/pollMs/);
  expect(read).toThrow(/pole/);
  expect(() => readTimings('{')).toThrow(/"timings" is not JSON: \{$/);
});

test('an app of somebody else uses the construct', async () => {
  const { status, stderr, files } = await run('examples/own-app/app.ts');
  expect(status).toBe(0);
  expect(stderr).toMatch(ofExample);
  expect(templatesIn(files)).toEqual([
    'Key.template.json',
    'Platform.template.json',
    'Replica-eu-west-1.template.json',
    'ReplicaKey-eu-west-1.template.json',
  ]);
});

/** A project beside this one that has it linked as a package, and what it declares to need. */
async function foreignProject(app: string): Promise<string> {
  const project = await mkdtemp(join(directory, 'foreign-'));
  const { peerDependencies } = JSON.parse(await readFile('package.json', 'utf8'));
  await mkdir(join(project, 'node_modules'));
  for (const name of Object.keys(peerDependencies)) {
    await symlink(resolve('node_modules', name), join(project, 'node_modules', name));
  }
  await symlink(resolve('.'), join(project, 'node_modules', 'certkeep'));
  await writeFile(join(project, 'package.json'), '{"type": "module"}');
  await writeFile(join(project, 'app.ts'), app);
  return join(project, 'app.ts');
}

test.runIf(isFull)(
  'an app that has certkeep as a package gets every stack of a configuration, home inside one of its own',
  async () => {
    const [, code = ''] =
      /```ts\n(.*?)```/s.exec(await readFile('examples/README.md', 'utf8')) ?? [];
    const config = resolve('examples/three-regions.yaml');
    const app = await foreignProject(code.replace('certkeep.yaml', config));
    const { status, stderr, files } = await run(app);
    expect(status).toBe(0);
    expect(stderr).toMatch(/three-regions\.yaml: 1 warning\n\n {2}alerts\.email\[0\]/);
    expect(templatesIn(files)).toEqual([
      'Key.template.json',
      'Place-210987654321.template.json',
      'Platform.template.json',
      'Replica-ap-southeast-2.template.json',
      'Replica-eu-west-1.template.json',
      'ReplicaKey-ap-southeast-2.template.json',
      'ReplicaKey-eu-west-1.template.json',
    ]);
  },
);
