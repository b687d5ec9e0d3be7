import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { afterEach, expect, test } from 'vitest';
import { minuteMs, secondMs } from '#shared/time/clock.ts';
import { type DeployLab, deployLab } from '#test/support/deploy-lab.ts';
import { type DeployWorld, deployWorld, place } from '#test/support/deploy-world.ts';
import { step } from '#test/support/full.ts';

let lab: DeployLab;
afterEach(() => lab.close());

/** Longer than the lease of a dead run. */
const leaseMs = 3 * minuteMs;

/** A default, an SNI list, both places of a Network Load Balancer and a Classic ELB, all with a foreign certificate, and a published ARN. */
async function fleet() {
  lab = await deployLab();
  const foreign = await makeCertificate({ key: 'rsa-2048' });
  const foreignArn = await lab.imported(foreign);
  const alb = await lab.createAlb('shop', foreignArn);
  const sni = await lab.createAlb('shared', foreignArn);
  const nlb = await lab.createListener('nlb', 'mail', foreignArn);
  const clbPort = await lab.createClb('legacy', foreignArn);
  const world = deployWorld(lab, [
    { type: 'alb', listener: alb.listener, certificate: 'default' },
    { type: 'alb', listener: sni.listener, certificate: 'sni' },
    { type: 'nlb', listener: nlb.listener, certificate: 'both' },
    { type: 'clb', loadBalancer: 'legacy', port: clbPort },
    { type: 'acm' },
  ]);
  return { world, alb, sni, nlb, foreign, foreignArn };
}

type Fleet = Awaited<ReturnType<typeof fleet>>;

async function proveFirst({ world }: Fleet): Promise<void> {
  await world.issue('v1');
  await world.deploy();
  await lab.clock.sleep(10 * secondMs);
  await world.verify();
}

/** Repeats a deploy that dies after its first, second, … effect, until one gets through. */
async function atEveryEffect(
  scenario: string,
  prepare: (fleet: Fleet) => Promise<void>,
  check: (fleet: Fleet) => Promise<void>,
): Promise<number> {
  for (let effect = 1; effect < 100; effect += step) {
    const made = await fleet();
    await prepare(made);
    const outcome = await made.world.deploy(effect);
    await lab.clock.sleep(leaseMs);
    if (outcome === 'died') await made.world.deploy();
    await made.world.verify();
    await check(made).catch((cause) => {
      throw new Error(`${scenario}, died after effect ${effect}`, { cause });
    });
    if (outcome !== 'died') return effect;
    await lab.close();
  }
  throw new Error(`${scenario} never gets through`);
}

async function importedArn(world: DeployWorld): Promise<string | null | undefined> {
  return (await world.record()).imports[place]?.arn;
}

test('a first deploy that dies anywhere ends with one certificate in ACM, bound everywhere', async () => {
  const effects = await atEveryEffect(
    'first deploy',
    async ({ world }) => void (await world.issue('v1')),
    async ({ world, alb, sni, nlb, foreignArn }) => {
      const arn = await importedArn(world);
      expect(lab.certificates.certificates()).toHaveLength(2);
      expect(await lab.listed(alb.listener)).toEqual([{ CertificateArn: arn, IsDefault: true }]);
      expect(await lab.listed(sni.listener)).toEqual([
        { CertificateArn: foreignArn, IsDefault: true },
        { CertificateArn: arn, IsDefault: false },
      ]);
      expect(await lab.listed(nlb.listener)).toEqual([
        { CertificateArn: arn, IsDefault: true },
        { CertificateArn: arn, IsDefault: false },
      ]);
      expect(await world.states()).toEqual(['proven', 'proven', 'proven', 'proven', 'proven']);
      expect(world.events.map(({ type }) => type)).toEqual(['served']);
      expect(world.published()).toBe(arn);
    },
  );
  expect(effects).toBeGreaterThan(10);
});

test('a renewal that dies anywhere ends on the same ARN, with the listeners untouched', async () => {
  const arns = new Map<DeployWorld, string | null | undefined>();
  await atEveryEffect(
    'renewal',
    async (made) => {
      const { world } = made;
      await proveFirst(made);
      arns.set(world, await importedArn(world));
      await world.issue('v2');
    },
    async ({ world, alb }) => {
      const record = await world.record();
      expect(await importedArn(world)).toBe(arns.get(world));
      expect(lab.certificates.certificates()).toHaveLength(2);
      expect(record.imports[place]).toMatchObject({ versionId: 'v2', importing: null });
      expect(await world.states()).toEqual(['proven', 'proven', 'proven', 'proven', 'proven']);
      const [, second] = record.versions;
      expect(new Set(await world.served(alb.host, alb.port))).toEqual(new Set([second?.serial]));
    },
  );
});

test('a way back that dies anywhere ends with what served before', async () => {
  await atEveryEffect(
    'rolling back',
    async ({ world }) => {
      await world.issue('v1');
      // The nodes never take the new certificate.
      for (const name of ['shop', 'mail']) lab.balancers.stick(name);
      await world.deploy();
      await lab.clock.sleep(2 * minuteMs);
      await world.verify();
      expect(await world.states()).toEqual([
        'contradicted',
        'proven',
        'contradicted',
        'proven',
        'proven',
      ]);
    },
    async ({ world, alb, nlb, foreign, foreignArn }) => {
      expect(await world.states()).toEqual([
        'rolled-back',
        'proven',
        'rolled-back',
        'proven',
        'proven',
      ]);
      for (const { host, listener, port } of [alb, nlb]) {
        const held = await lab.listed(listener);
        expect(held).toEqual([{ CertificateArn: foreignArn, IsDefault: true }]);
        expect(await world.served(host, port)).toContain(foreign.serial);
      }
      const told = world.events.filter(({ type }) => type === 'rolled-back');
      const events = new Map(told.map(({ id, details }) => [id, details]));
      const named = [...events.values()].flatMap(({ alsoAt, target }) =>
        [target, alsoAt].flatMap((names) => (names ? `${names}`.split(/(?<=\)), /) : [])),
      );
      const at = (name: string) => `${name} (us-east-1, 000000000000)`;
      expect(named.toSorted()).toEqual([at(`mail:${nlb.port}`), at(`shop:${alb.port}`)]);
    },
  );
});

test('a re-import that is put back and dies anywhere ends with the version before', async () => {
  await atEveryEffect(
    'importing back',
    async (made) => {
      const { world } = made;
      await proveFirst(made);
      await world.issue('v2');
      for (const name of ['shop', 'shared', 'mail', 'legacy']) lab.balancers.stick(name);
      await world.deploy();
      await lab.clock.sleep(2 * minuteMs);
      await world.verify();
    },
    async ({ world }) => {
      const { imports, versions } = await world.record();
      expect(await world.states()).toEqual([
        'rolled-back',
        'rolled-back',
        'rolled-back',
        'rolled-back',
        'rolled-back',
      ]);
      expect(imports[place]).toMatchObject({ versionId: 'v1', importing: null });
      const held = lab.certificates.find(imports[place]?.arn as string);
      expect(held?.material.latest().leaf.serialNumber).toBe(versions[0]?.serial);
    },
  );
});
