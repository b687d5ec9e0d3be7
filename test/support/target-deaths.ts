import { expect, test } from 'vitest';
import { minuteMs } from '#shared/time/clock.ts';
import type { DeployLab } from './deploy-lab.ts';
import type { DeployWorld } from './deploy-world.ts';
import { atEveryEffect, settle } from './dies-at-effects.ts';

type Fleet = {
  readonly lab: DeployLab;
  readonly world: DeployWorld;
  /** The certificate of somebody else, which the target has at first. */
  readonly foreignArn: string;
  readonly bound: () => Promise<string | undefined>;
  /** Its endpoint goes on to serve what it has. */
  readonly stick: () => void;
};

/** Longer than the lease of a dead run, and than a change takes at AWS. */
const afterMs = 12 * minuteMs;

/** Tests of a target whose changes take minutes: a deploy, and a way back, that die after each of their effects. */
export function testDeaths(fleet: () => Promise<Fleet>, leastEffects: number): void {
  test('a first deploy that dies anywhere ends with one certificate of ours, bound once and proven', async () => {
    const effects = await atEveryEffect({
      ...{ fleet, afterMs },
      prepare: async ({ world }) => void (await world.issue('v1')),
      async check({ lab, world, bound }) {
        await settle({ lab, world }, 4);
        const held = [...lab.certificates.certificates(), ...lab.serverCertificates.certificates()];
        expect(held).toHaveLength(2);
        expect(await bound()).toBe((await world.record()).imports[world.place]?.arn);
        expect(await world.states()).toEqual(['proven']);
        expect(world.events.map(({ type }) => type)).toEqual(['served']);
      },
    });
    expect(effects).toBeGreaterThanOrEqual(leastEffects);
  });

  test('a way back that dies anywhere ends with the certificate of before, found by its mark', async () => {
    await atEveryEffect({
      ...{ fleet, afterMs },
      async prepare({ lab, stick, world }) {
        await world.issue('v1');
        stick();
        await world.deploy();
        await settle({ lab, world }, 10);
        expect(await world.states()).toEqual(['contradicted']);
      },
      async check({ world, bound, foreignArn }) {
        expect(await world.states()).toEqual(['rolled-back']);
        expect(await bound()).toBe(foreignArn);
      },
    });
  });
}
