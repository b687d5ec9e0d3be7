import { expect, test } from 'vitest';
import { type Selection, selected } from '#cli/see/status/selection.ts';
import { conditionsOf } from '#shared/status/status.ts';
import { fleetStatus, troubled } from '#test/support/fleet-status.ts';
import { inDays } from '#test/support/healthy.ts';

const warning = troubled();
const critical = troubled({ danger: { severity: 'critical' } });
const whole = fleetStatus(
  { www: [], shop: [warning], api: [critical], blog: [] },
  { owners: { shop: 'team-shop', blog: 'team-shop' } },
);
const all: Selection = { ids: [], failing: false, owner: null, sort: 'state' };

function ids(change: Partial<Selection>, of = whole): readonly string[] {
  return selected(of, { ...all, ...change }).certificates.map(({ id }) => id);
}

test.each<[string, Partial<Selection>, readonly string[]]>([
  ['nothing is said', {}, ['api', 'shop', 'blog', 'www']],
  ['only what needs somebody', { failing: true }, ['api', 'shop']],
  ['an owner', { owner: 'team-shop' }, ['shop', 'blog']],
  ['an owner and only what needs somebody', { owner: 'team-shop', failing: true }, ['shop']],
  ['ids', { ids: ['www', 'shop'] }, ['shop', 'www']],
  ['the order of names', { sort: 'name' }, ['api', 'blog', 'shop', 'www']],
])('%s', (_, change, expected) => {
  expect(ids(change)).toEqual(expected);
});

test('what has no time comes last where times give the order', () => {
  const times: Readonly<Record<string, string | null>> = {
    ...{ www: null, shop: inDays(9).toISOString() },
    ...{ api: inDays(3).toISOString(), blog: inDays(5).toISOString() },
  };
  const timed = {
    ...whole,
    certificates: whole.certificates.map((each) => ({
      ...each,
      endsAt: times[each.id] ?? null,
      renewsAt: times[each.id] ?? null,
    })),
  };
  expect(ids({ sort: 'ends' }, timed)).toEqual(['api', 'blog', 'shop', 'www']);
  expect(ids({ sort: 'renews' }, timed)).toEqual(['api', 'blog', 'shop', 'www']);
});

test('names in other scripts stand in the order of people', () => {
  const named = {
    ...whole,
    certificates: whole.certificates.map((each) =>
      each.id === 'www' ? { ...each, name: 'xn--bcher-kva.example' } : each,
    ),
  };
  expect(ids({ sort: 'name' }, named)).toEqual(['api', 'blog', 'www', 'shop']);
});

test('the selection is counted, and its conditions are the same', () => {
  const only = selected(whole, { ...all, ids: ['api'] });
  expect(only.counts).toEqual({ critical: 1, warning: 0, working: 0, well: 0 });
  expect(only.certificates.map((each) => conditionsOf(only, each)[0]?.danger.severity)).toEqual([
    'critical',
  ]);
});

test('an unknown owner is refused, since nobody would be in trouble', () => {
  expect(() => ids({ owner: 'team-shopp' })).toThrow(
    expect.objectContaining({
      message: 'no certificate has the owner "team-shopp"; did you mean "team-shop"?',
      next: 'npx certkeep status --owner team-shop',
    }),
  );
});

test('an unknown id is refused with the one that was probably meant', () => {
  expect(() => ids({ ids: ['blogg'] })).toThrow(
    expect.objectContaining({
      message: 'there is no certificate "blogg"; did you mean "blog"?',
      next: 'npx certkeep status blog',
    }),
  );
});
