import { expect, test } from 'vitest';
import { type CallNames, callNames } from './calls.ts';
import { campaign } from './campaign.ts';
import { regrouped } from './cases.ts';
import type { Pool } from './pool.ts';
import { type Case, nameOf, type Strike } from './strike.ts';

const seed = 1;

function strikesOf(...certificates: readonly string[]): readonly Strike[] {
  const names: CallNames = callNames('fleet');
  for (const certificate of certificates) {
    names.begin('deploy', { certificate });
    const asked = { service: 'acm', caller: 'deploy', region: 'us-east-1', input: {} };
    names.name({ ...asked, operation: 'DescribeCertificate' });
  }
  return names.seen.map((call) => ({ call, fault: 'throttle' }));
}

type Rules = {
  /** Says whether the call of a strike comes in a world. */
  readonly comes?: (strike: Strike, world: Case) => boolean;
  readonly breaks?: (world: Case) => boolean;
  /** Plays each strike in a world of its own, and nothing after the first that breaks something. */
  readonly endsAtFirst?: boolean;
};

/** Plays invented worlds, whose results are rules. */
async function played(strikes: readonly Strike[], rules: Rules) {
  const worlds: string[][] = [];
  const pool: Pool = {
    jobs: 1,
    async play(world) {
      worlds.push(world.strikes.map(({ call }) => call.certificate));
      return {
        case: world,
        violations: rules.breaks?.(world) ? ['broken'] : [],
        struck: world.strikes.map((strike) => rules.comes?.(strike, world) ?? true),
        calls: [],
        cpuMs: 0,
      };
    },
    close: () => undefined,
  };
  const { endsAtFirst = false } = rules;
  const worldsOf = endsAtFirst ? strikes.map((strike) => [strike]) : [strikes];
  const cases = worldsOf.map((each) => ({ setting: 'fleet', seed, strikes: each }));
  const regroup = (missed: readonly Strike[]) => regrouped(missed, seed);
  const result = await campaign(pool, cases, { endsAtFirst, regroup });
  const { findings, missed } = result;
  return { worlds, findings, missed };
}

const isOf = (strike: Strike, ...certificates: readonly string[]) =>
  certificates.includes(strike.call.certificate);

test('strikes whose calls do not come are played together once more, and then alone', async () => {
  const { worlds, missed } = await played(strikesOf('shop', 'blog', 'docs'), {
    comes: (strike, world) => isOf(strike, 'shop') || world.strikes.length === 1,
  });
  expect(worlds).toEqual([['shop', 'blog', 'docs'], ['blog', 'docs'], ['blog'], ['docs']]);
  expect(missed).toEqual([]);
});

test('a call that does not come when its strike is alone is missed', async () => {
  const { worlds, missed } = await played(strikesOf('shop', 'blog'), {
    comes: (strike) => isOf(strike, 'shop'),
  });
  expect(worlds).toEqual([['shop', 'blog'], ['blog']]);
  expect(missed.flatMap(({ strikes }) => strikes.map(nameOf))).toEqual([
    expect.stringContaining('deploy(blog)'),
  ]);
});

test('when strikes break something together, each is played alone, also after regrouping', async () => {
  const { findings } = await played(strikesOf('shop', 'blog', 'docs'), {
    comes: (strike, world) => isOf(strike, 'shop') || world.strikes.length < 3,
    breaks: ({ strikes }) => strikes.length < 3 && strikes.some((each) => isOf(each, 'docs')),
  });
  expect(findings.map(({ strikes }) => strikes.map(({ call }) => call.certificate))).toEqual([
    ['docs'],
  ]);
});

test('whoever only asks whether anything breaks is answered with the first that does', async () => {
  const { worlds, findings } = await played(strikesOf('shop', 'blog', 'docs'), {
    breaks: ({ strikes }) => strikes.some((strike) => isOf(strike, 'blog', 'docs')),
    endsAtFirst: true,
  });
  expect(worlds).toEqual([['shop'], ['blog']]);
  expect(findings).toHaveLength(1);
});
