import { SSM } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FilesConfig } from '#shared/targets/files/facts.ts';
import { targetMaker } from '#shared/targets/registry.ts';
import type { HostPush, Target } from '#shared/targets/target.ts';
import { addMs, dayMs, hourMs, minuteMs, secondMs } from '#shared/time/clock.ts';
import { type DeployLab, deployLab, home } from '#test/support/deploy-lab.ts';
import { loadedTargets } from '#test/support/loaded-targets.ts';

const version = 'a'.repeat(32);
const one = 'i-0123456789abcdef0';
const other = 'mi-0123456789abcdef0';

let lab: DeployLab;
let isOnline: boolean;
let ran: { readonly script: string }[];

beforeEach(async () => {
  lab = await deployLab();
  isOnline = true;
  ran = [];
  const text = (allowedPattern: string) => ({ type: 'String', allowedPattern });
  const parameters = {
    secret: text('^certkeep/[a-z]+$'),
    version: text('^[a-f0-9-]{32,64}$'),
    region: text('^[a-z0-9-]+$'),
    directory: { ...text('^/etc/[a-z/]+$'), default: '/etc/tls' },
  };
  const runCommand = ["fetch '{{ secret }}' '{{ directory }}' {{version}} {{ region }}"];
  const mainSteps = [{ action: 'aws:runShellScript', name: 'fetch', inputs: { runCommand } }];
  await new SSM(lab.clientOptions()).createDocument({
    Name: 'fetch',
    DocumentType: 'Command',
    Content: JSON.stringify({ schemaVersion: '2.2', parameters, mainSteps }),
  });
});
afterEach(() => lab.close());

function addHost(id: string, run: () => Promise<void> = async () => undefined): void {
  lab.parameters.addHost({
    ...{ ...home, id, tags: { Role: 'mail' } },
    isOnline: () => isOnline,
    run: (command) => {
      ran.push(command);
      return run();
    },
  });
}

function target(push?: NonNullable<FilesConfig['push']>): Target {
  return targetMaker(loadedTargets, {
    installation: 'certkeep',
    home,
    clientOptionsFor: () => lab.clientOptions({ maxAttempts: 1 }),
    clock: lab.clock,
  })({ type: 'files', probe: 'mail.example.com:465', ...(push && { push }) }, 'shop');
}

function pushOf(change: Partial<NonNullable<FilesConfig['push']>> = {}): HostPush {
  const push = target({ document: 'fetch', instances: [one], ...change }).fetched?.push;
  if (!push) throw new Error('it has no push');
  return push;
}

test('a look names the endpoint, and holds nothing that could be bound', async () => {
  const { look, readHeld, marks, fetched } = target();
  expect(await look()).toEqual({
    name: 'mail.example.com:465',
    endpoint: { host: 'mail.example.com', port: 465 },
    kind: 'single',
    default: null,
    list: [],
  });
  expect(await readHeld()).toEqual({ default: null, list: [] });
  expect(await marks()).toEqual({});
  expect(fetched).toEqual({ withinMs: 24 * hourMs });
});

test('nothing can be bound or marked, whoever asks', async () => {
  const { arrange, look, mark } = target();
  const wanted = { default: 'arn', listed: [], unlisted: [], mayMakeRoom: false };
  await expect(arrange(wanted, await look())).rejects.toMatchObject({ name: 'ListenerRefused' });
  await expect(mark('certkeep:previous-of:shop', 'arn')).rejects.toThrow('fetch what they serve');
});

test('a host runs the script of the document with the secret, the version and the region of the secret', async () => {
  addHost(one);
  const id = await pushOf().send('certkeep 1', version);
  expect(await pushOf().look(id)).toEqual({ is: 'running' });
  await lab.clock.sleep(minuteMs);
  expect(await pushOf().look(id)).toEqual({ is: 'done' });
  expect(ran.map(({ script }) => script)).toEqual([
    `fetch 'certkeep/shop' '/etc/tls' ${version} us-east-1`,
  ]);
});

test('parameters of the configuration are sent, and those of certkeep cannot be written over', async () => {
  addHost(one);
  await pushOf({ parameters: { directory: '/etc/mail', region: 'x' } }).send('certkeep 1', version);
  await lab.clock.sleep(minuteMs);
  expect(ran[0]?.script).toBe(`fetch 'certkeep/shop' '/etc/mail' ${version} us-east-1`);
});

test('a command is found by its comment, among many of the same document', async () => {
  addHost(one);
  const since = lab.clock.now();
  const push = pushOf();
  const id = await push.send('certkeep wanted', version);
  for (let count = 0; count < 60; count += 1) await push.send(`certkeep ${count}`, version);
  expect(await push.find('certkeep wanted', since)).toBe(id);
  expect(await push.find('certkeep other', since)).toBeNull();
  await lab.clock.sleep(hourMs);
  expect(await push.find('certkeep wanted', lab.clock.now())).toBeNull();
});

test('a command by a tag is for all hosts that have it, and one for nobody has a name', async () => {
  addHost(one);
  addHost(other);
  const id = await pushOf({
    instances: undefined,
    tag: { key: 'Role', values: ['mail', 'relay'] },
  }).send('certkeep 1', version);
  const push = pushOf({ instances: undefined, tag: { key: 'Role', values: ['web'] } });
  const forNobody = await push.send('certkeep 2', version);
  await lab.clock.sleep(minuteMs);
  expect(await push.look(id)).toEqual({ is: 'done' });
  expect(ran).toHaveLength(2);
  expect(await push.look(forNobody)).toMatchObject({ error: { name: 'NoHostFound' } });
});

test('hosts whose script fails are named, with the command that shows what it printed', async () => {
  addHost(one);
  addHost(other, () => Promise.reject(new Error('exit code 1')));
  const push = pushOf({ instances: [one, other] });
  const id = await push.send('certkeep 1', version);
  await lab.clock.sleep(minuteMs);
  const message = `SSM: 1 of 2 hosts did not fetch it: ${other} Failed: aws ssm get-command-invocation --region us-east-1 --command-id ${id} --instance-id ${other}`;
  expect(await push.look(id)).toMatchObject({ error: { name: 'HostCommandFailed', message } });
});

test('a host whose agent does not take the command within ten minutes is not reached', async () => {
  addHost(one);
  isOnline = false;
  const id = await pushOf().send('certkeep 1', version);
  await lab.clock.sleep(9 * minuteMs);
  expect(await pushOf().look(id)).toEqual({ is: 'running' });
  await lab.clock.sleep(2 * minuteMs);
  expect(await pushOf().look(id)).toMatchObject({ error: { name: 'HostNotReached' } });
  expect(ran).toEqual([]);
});

test.each([
  ['of a document that is not there', { document: 'nothing' }, 'CommandRefused'],
  [
    'with a value that its pattern refuses',
    { parameters: { directory: '/root' } },
    'CommandRefused',
  ],
  ['with a parameter that it does not have', { parameters: { more: 'a' } }, 'CommandRefused'],
  ['to a host that is not managed', { instances: ['i-00000000'] }, 'HostNotReached'],
] as const)('a command %s has a name that people can act on', async (_, change, name) => {
  addHost(one);
  const push = pushOf(change as Parameters<typeof pushOf>[0]);
  await expect(push.send('certkeep 1', version)).rejects.toMatchObject({ name });
  expect(ran).toEqual([]);
});

test('a command of which nothing is known any more counts as not carried out', async () => {
  addHost(one);
  const id = await pushOf().send('certkeep 1', version);
  await lab.clock.sleep(31 * dayMs);
  expect(await pushOf().look(id)).toMatchObject({
    is: 'failed',
    error: { name: 'CommandRefused' },
  });
});

test('a command is not tried again by the SDK, which would send it twice', async () => {
  addHost(one);
  lab.faults.add({
    when: ({ operation }) => operation === 'SendCommand',
    fault: { do: 'lose-answer' },
  });
  const since = addMs(lab.clock.now(), -secondMs);
  await expect(pushOf().send('certkeep 1', version)).rejects.toThrow();
  await lab.clock.sleep(minuteMs);
  expect(ran).toHaveLength(1);
  expect(await pushOf().find('certkeep 1', since)).not.toBeNull();
});
