import { type ChildProcess, execFile } from 'node:child_process';
import { operator } from 'local-cloud/operator.ts';
import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BundleName, namesOf } from '#shared/installation.ts';
import { personWithDocumentedRights } from '#test/support/documented-rights.ts';
import { configText } from '#test/support/fleet.ts';
import { runCertkeep } from '#test/support/run-certkeep.ts';
import { startWorld, type World } from '#test/support/world.ts';

const home = { account: '000000000000', region: 'us-east-1' };
const names = namesOf({ installation: 'certkeep', home });

let world: World;
let person: NodeJS.ProcessEnv;
let looker: NodeJS.ProcessEnv;

beforeAll(async () => {
  const source = configText(`
  shop: {names: [shop.example.com], issuer: local}
  blog: {names: [blog.example.com], issuer: local}
  docs: {names: [docs.example.com], issuer: local}
`);
  // The command lives in the time of the machine.
  world = await startWorld(source, { clock: virtualClock(new Date()), mayDeny: true });
  await world.check();
  const { cloud } = world;
  person = personWithDocumentedRights(cloud, 'reader', ['Where it looks', 'What was logged']);
  looker = personWithDocumentedRights(cloud, 'looker', ['Where it looks']);
  write('issue', { stage: 'issue', certificate: 'shop', message: 'order created', requestId: 'a' });
  write('issue', { certificate: 'blog', message: 'order created', requestId: 'b' });
  write('deploy', { stage: 'rebind', certificate: 'shop', message: 'rebound', target: 'web:443' });
  write('issue', { level: 'ERROR', message: 'run failed', outcome: 'Error', requestId: 'a' });
});
afterAll(() => world?.close());

/** A line as the logger of the functions writes it, which these functions of the tests do not use. */
function write(name: BundleName, fields: object): void {
  const line = JSON.stringify({ level: 'INFO', ...fields });
  world.clock.advance(1);
  world.cloud.logs.write(home, { group: names.logGroup(name), stream: '[$LATEST]1' }, line);
}

test('the lines of all functions about one certificate come in the order of their times', async () => {
  const { code, stderr, stdout } = await runCertkeep(['logs', 'shop'], person);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const lines = stdout.trimEnd().split('\n');
  expect(lines.map((line) => line.replace(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/, 'AT'))).toEqual([
    'AT  issue    order created',
    'AT  rebind   rebound · web:443',
    'AT  issue    ERROR: run failed · Error',
  ]);
  const { stdout: json } = await runCertkeep(['logs', 'blog', '--json'], person);
  expect(JSON.parse(json)).toMatchObject({ function: 'issue', line: { certificate: 'blog' } });
});

test('--follow shows what is written from then on, once, until Ctrl-C', async () => {
  let isWritten = false;
  const { code, stdout } = await following(['logs', 'blog', '--follow'], (child, seen) => {
    if (seen.includes('certificate issued')) child.kill('SIGINT');
    if (isWritten) return;
    isWritten = true;
    write('issue', { stage: 'issue', certificate: 'blog', message: 'certificate issued' });
  });
  expect(code).toBe(0);
  expect(stdout.match(/order created/g)).toHaveLength(1);
  expect(stdout).toMatch(/ {2}issue {4}certificate issued\n$/);
}, 30_000);

/** Runs the command, and reacts on what it prints. */
function following(
  args: readonly string[],
  onPrint: (child: ChildProcess, seen: string) => void,
): Promise<{ readonly code: number | null; readonly stdout: string }> {
  return new Promise((resolve) => {
    const env = { ...process.env, ...person };
    const command = ['cli/certkeep.ts', ...args];
    let seen = '';
    const child = execFile(process.execPath, command, { env }, (_, stdout) =>
      resolve({ code: child.exitCode, stdout }),
    );
    child.stdout?.on('data', (text) => {
      seen += text;
      onPrint(child, seen);
    });
  });
}

test('where nothing was written it says since when, which is no failure', async () => {
  const { code, stderr, stdout } = await runCertkeep(['logs', 'docs'], person);
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  expect(stderr).toMatch(
    /^certkeep: note: no function has written anything about docs since \d{4}-/,
  );
});

test.each([
  [
    'an unknown certificate',
    ['shopp'],
    () => person,
    'did you mean "shop"?',
    'npx certkeep status shop',
  ],
  [
    'what would be another pattern',
    ['a" || $.certificate = "*'],
    () => person,
    'there is no certificate',
    'npx certkeep status',
  ],
  [
    'no right to the logs',
    ['shop'],
    () => looker,
    'it needs logs:FilterLogEvents on arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/certkeep-',
    'aws sts get-caller-identity',
  ],
  [
    'a time that is no span',
    ['shop', '--since', 'now'],
    () => person,
    '30m',
    'npx certkeep --help',
  ],
])('%s: it says so, and the next command', async (_, args, who, message, next) => {
  const { code, stderr, stdout } = await runCertkeep(['logs', ...args], who());
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(message);
  expect(stderr.trimEnd().split('\n').at(-1)).toBe(`Next: ${next}`);
});

test('where no function has a log it says that nothing is installed there', async () => {
  const { accessKeyId, secretAccessKey } = operator;
  const anybody = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
  const args = ['logs', 'shop', '--installation', 'other'];
  const { code, stderr } = await runCertkeep(args, { ...person, ...anybody });
  expect(code).toBe(2);
  expect(stderr).toContain('no function of an installation "other" has a log in');
});
