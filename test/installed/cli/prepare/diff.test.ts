import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { personWithDocumentedRights } from '#test/support/documented-rights.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { runCertkeep } from '#test/support/run-certkeep.ts';
import { startWorld, type World } from '#test/support/world.ts';

const directory = mkdtempSync(join(tmpdir(), 'certkeep-diff-'));
const file = join(directory, 'certkeep.yaml');
let world: World;
let person: NodeJS.ProcessEnv;

beforeAll(async () => {
  const source = configText(`
  shop:
    names: [shop.example.com]
    issuer: local
    targets: [{type: alb, listener: "${listenerArn('shop')}"}]
  careers:
    names: [careers.example.com]
    issuer: local
    targets: [{type: alb, listener: "${listenerArn('careers')}"}]
`);
  // The command lives in the time of the machine, which the first hour of the world nearly reaches.
  world = await startWorld(source, {
    clock: virtualClock(addMs(new Date(), -70 * minuteMs)),
    // A person asks for what the document does not name.
    mayDeny: true,
  });
  await world.live(hourMs);
  const headings = ['Where it looks', 'Compare the file with what is deployed'];
  person = personWithDocumentedRights(world.cloud, 'reader', headings);
});
afterAll(async () => {
  await world?.close();
  rmSync(directory, { recursive: true });
});

/** Runs diff with the deployed configuration after a change of its text. */
function diff(change: (text: string) => string, ...args: readonly string[]) {
  writeFileSync(file, change(world.landscape.configText));
  return runCertkeep(['diff', file, ...args], person);
}

test('the file as it is deployed makes no difference, by the rights that the document names', async () => {
  const { code, stderr, stdout } = await diff((text) => text);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/says what is deployed as certkeep in 000000000000\/us-east-1: no differ/);
});

test('a name that is added, and a certificate that is taken away while it is bound', async () => {
  const change = (text: string) =>
    text
      .replace('- shop.example.com', '- shop.example.com\n      - www.example.com')
      .replace(/\n {2}careers:[\s\S]*$/, '\n');
  const { code, stderr, stdout } = await diff(change);
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(stdout).toMatch(
    /^\+ www\.example\.com +in shop\n +→ a new certificate, with a new key, at the next check$/m,
  );
  expect(stdout.replace(/\s+/g, ' ')).toMatch(
    /- careers REMOVED \(careers\.example\.com\) → still bound at careers:\d+ \(us-east-1\), ends on \d{4}-\d\d-\d\d: nobody renews it/,
  );
  expect(stdout).toContain('2 changes, 1 order\n  1 order at local (shop)\n');
  expect(
    stdout
      .split('\n')
      .slice(1)
      .filter((line) => line.length > 80),
  ).toEqual([]);

  const json = JSON.parse((await diff(change, '--json')).stdout);
  expect(json).toMatchObject({
    ...{ file, isDeployed: true, orders: [{ issuer: 'local', certificates: ['shop'] }] },
    changes: [
      { sign: '+', kind: 'names', certificates: ['shop'] },
      { sign: '-', kind: 'certificate', certificates: ['careers'] },
    ],
  });
});

test('what it says of an order is what check then does', async () => {
  const asked = (text: string) => text.replace('names:', 'rotation: reuse\n    names:');
  expect((await diff(asked)).stdout).toContain('no order now; the next renewal (');
  const before = world.record('shop').desired;
  await world.reconfigure(asked);
  await world.live(hourMs);
  expect(world.record('shop').desired).toBe(before);

  const names = (text: string) => text.replace('- shop.example.com', '- www.example.com');
  expect((await diff(names)).stdout).toContain(
    'a new certificate, with the same key, at the next check',
  );
  await world.reconfigure(names);
  await world.live(hourMs);
  const { desired, versions } = world.record('shop');
  expect(versions.find(({ id }) => id === desired)?.names).toEqual(['www.example.com']);
});

test('an installation that is not there yet: all is new', async () => {
  const { code, stderr, stdout } = await diff((text) => `installation: other\n${text}`, '--json');
  // The documented rights are those to the function of one installation.
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/lambda:GetFunctionConfiguration.*\nNext: aws sts get-caller-identity\n$/);
  const everything = { AWS_ACCESS_KEY_ID: 'AKIALOCALOPERATOR' };
  const first = await runCertkeep(['diff', file], { ...person, ...everything });
  expect(first).toMatchObject({ code: 1, stderr: '' });
  expect(first.stdout).toMatch(/against nothing: nothing is deployed as other in 000000000000/);
});

test('a file that is not valid leads to validate', async () => {
  expect(await diff((text) => text.replace('certificates:', 'certificate:'))).toEqual({
    ...{ code: 2, stdout: '' },
    stderr: expect.stringMatching(/not valid: \d problems?\nNext: npx certkeep validate \/.*\n$/),
  });
});
