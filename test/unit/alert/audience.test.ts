import { randomOf } from 'local-cloud/kit/determinism.ts';
import { expect, test } from 'vitest';
import type { Message } from '#shared/channels/message.ts';
import { routeTo } from '#shared/finish/alert/audience.ts';
import { type Decision, decideMessages } from '#shared/finish/alert/decide-messages.ts';
import { messageOf } from '#shared/finish/alert/message.ts';
import { certificateKey, idsOf, isOfMany } from '#shared/finish/alert/threads.ts';
import type { Told } from '#shared/finish/alert/told.ts';
import type { Condition } from '#shared/status/condition.ts';
import { addMs, dayMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { fleetStatus, troubled } from '#test/support/fleet-status.ts';
import { runs } from '#test/support/full.ts';
import { now } from '#test/support/healthy.ts';

type Fleet = Parameters<typeof fleetStatus>[0];
type Heard = Message & { readonly decision: Decision };
type Owners = Readonly<Record<string, string>>;

/** Alert, check after check, and the messages of each run. */
function installation(owners: Owners = {}) {
  let told: Told | null = null;
  let at = now;
  const given = {
    owners,
    hear(fleet: Fleet, { afterMs = 0, dies = false, own = [] as readonly Condition[] } = {}) {
      at = addMs(at, afterMs);
      const status = fleetStatus(fleet, { at, own, owners: given.owners });
      const decided = decideMessages(status, told, { digest: 'weekly' }, at);
      told = dies ? decided.intended : decided.after(new Set());
      const surroundings = { status, addresses: { runbook: 'runbook' }, now: at };
      return decided.messages.map(
        (decision): Heard => ({ decision, ...messageOf(decision, surroundings) }),
      );
    },
    /** What a release before has written of the same. */
    forgetAudiences() {
      told = JSON.parse(JSON.stringify(told), (key, value) =>
        key === 'owners' || key === 'severities' ? [] : value,
      );
    },
    knows: () => told,
  };
  return given;
}

const routeOf = ({ attributes: { owner = [], severity } }: Message) => [...owner, ...severity];
const bad = troubled();
const worse = troubled({ danger: { severity: 'critical' } });
const ofIssuer = troubled({ reason: 'IssuerUnreachable', scope: 'issuer letsencrypt' });

test('a message carries the owner of its certificate, and its severity', () => {
  const at = installation({ shop: 'team-shop' });
  at.hear({ shop: [], api: [] });
  expect(at.hear({ shop: [bad], api: [worse] }).map(({ attributes }) => attributes)).toEqual([
    { type: 'Renewable', severity: ['critical'], certificate: 'api' },
    { type: 'Renewable', severity: ['warning'], certificate: 'shop', owner: ['team-shop'] },
  ]);
});

test('what several share carries every owner, once', () => {
  const at = installation({ a: 'team-a', b: 'team-b', b2: 'team-b' });
  at.hear({ a: [], b: [], b2: [], c: [] });
  const all = { a: [ofIssuer], b: [ofIssuer], b2: [ofIssuer], c: [ofIssuer] };
  expect(at.hear(all).map(routeOf)).toEqual([['team-a', 'team-b', 'warning']]);
});

test('the first message, the digest and trouble of the installation have no owner', () => {
  const at = installation({ shop: 'team-shop' });
  expect(at.hear({ shop: [] }).map(routeOf)).toEqual([['info']]);
  const own = [troubled({ type: 'Checking', about: null, reason: 'CheckIncomplete' })];
  expect(at.hear({ shop: [] }, { own }).map(routeOf)).toEqual([['warning']]);
  expect(at.hear({ shop: [] }).map(routeOf)).toEqual([['warning']]);
  expect(at.hear({ shop: [] }, { afterMs: 7 * dayMs }).map(routeOf)).toEqual([['info']]);
});

test('whoever heard that it was critical hears that it no longer is, and that all is well', () => {
  const at = installation();
  at.hear({ shop: [] });
  expect(at.hear({ shop: [worse] }).map(routeOf)).toEqual([['critical']]);
  expect(at.hear({ shop: [bad] }).map(routeOf)).toEqual([['critical', 'warning']]);
  expect(at.hear({ shop: [] }).map(routeOf)).toEqual([['critical', 'warning']]);
  expect(at.hear({ shop: [bad] }).map(routeOf)).toEqual([['warning']]);
});

test('whoever heard of a shared cause hears of its end, though its own certificates were well before', () => {
  const at = installation({ a: 'team-a', b: 'team-b' });
  at.hear({ a: [], b: [] });
  at.hear({ a: [ofIssuer], b: [ofIssuer] });
  at.hear({ a: [ofIssuer], b: [] }, { afterMs: dayMs });
  expect(at.hear({ a: [], b: [] }).map(routeOf)).toEqual([['team-a', 'team-b', 'warning']]);
});

test('an owner whom a known cause concerns now hears of it at once', () => {
  const at = installation({ a: 'team-a', b: 'team-b' });
  at.hear({ a: [], b: [] });
  at.hear({ a: [ofIssuer], b: [] });
  const [message] = at.hear({ a: [ofIssuer], b: [ofIssuer] }, { afterMs: minuteMs });
  expect(message?.subject).toContain('changed');
  expect(message && routeOf(message)).toEqual(['team-a', 'team-b', 'warning']);
  expect(at.hear({ a: [ofIssuer], b: [ofIssuer] }, { afterMs: minuteMs })).toEqual([]);
});

test('an owner who takes a certificate over hears of its trouble, and the one before of its end', () => {
  const at = installation({ shop: 'team-a' });
  at.hear({ shop: [] });
  at.hear({ shop: [bad] });
  at.owners = { shop: 'team-b' };
  expect(at.hear({ shop: [bad] }).map(routeOf)).toEqual([['team-a', 'team-b', 'warning']]);
  expect(at.hear({ shop: [] }).map(routeOf)).toEqual([['team-a', 'team-b', 'warning']]);
});

test('what each owner was told of alone goes on in the thread of many', () => {
  const ids = Array.from({ length: 6 }, (_, at) => `c${at}`);
  const owners = Object.fromEntries(ids.map((id) => [id, `team-${id}`]));
  const at = installation(owners);
  const fleet = (troubles: readonly Condition[], first = troubles) =>
    Object.fromEntries(ids.map((id) => [id, id === 'c0' ? first : troubles]));
  at.hear(fleet([]));
  at.hear(fleet([], [worse]));
  const everybody = [...ids.map((id) => `team-${id}`), 'critical', 'warning'];
  expect(at.hear(fleet([bad])).map(routeOf)).toEqual([everybody]);
  expect(at.hear(fleet([])).map(routeOf)).toEqual([everybody]);
});

test('a summary carries the owners of everything in it', () => {
  const ids = Array.from({ length: 9 }, (_, at) => `c${at}`);
  const at = installation({ c1: 'team-a', c2: 'team-b' });
  const fleet = ids.map((id, index) => [id, [troubled({ reason: `Reason${index}` })]] as const);
  at.hear(Object.fromEntries(ids.map((id) => [id, []])));
  expect(at.hear(Object.fromEntries(fleet)).map(routeOf)).toEqual([
    ['team-a', 'team-b', 'warning'],
  ]);
  expect(at.hear(Object.fromEntries(ids.map((id) => [id, []]))).map(routeOf)).toEqual([
    ['team-a', 'team-b', 'warning'],
  ]);
});

test('what a release before has told reaches everybody who may have heard it', () => {
  const at = installation();
  at.hear({ shop: [] });
  at.hear({ shop: [worse] });
  at.forgetAudiences();
  expect(at.hear({ shop: [bad] }).map(routeOf)).toEqual([['critical', 'warning']]);
  at.hear({ shop: [] });
  at.hear({ shop: [bad] }, { dies: true });
  at.forgetAudiences();
  expect(at.hear({ shop: [] }).map(routeOf)).toEqual([['critical', 'warning']]);
});

test('many owners of one cause take little room', () => {
  const ids = Array.from({ length: 1_000 }, (_, at) => `c${at}`);
  const owners = Object.fromEntries(ids.map((id) => [id, `${id}-`.padEnd(63, 'x')]));
  const at = installation(owners);
  const fleetOf = (troubles: readonly Condition[]) =>
    Object.fromEntries(ids.map((id) => [id, troubles]));
  const [{ decision, ...message } = {}] = at.hear(fleetOf([ofIssuer, bad]));
  expect(decision?.kind).toBe('summary');
  // SNS takes 256 KB with attributes.
  expect(JSON.stringify(message).length).toBeLessThan(128_000);
  expect(JSON.stringify(at.knows()).length).toBeLessThan(256_000);
});

/** Who hears only of some, by owner and severity. */
const tastes = [
  ['team-a', null],
  ['team-b', null],
  [null, 'critical'],
  [null, 'warning'],
  ['team-a', 'critical'],
  ['team-a', 'warning'],
] as const;
type Taste = (typeof tastes)[number];
type Route = Pick<Message['attributes'], 'owner' | 'severity'>;
const states = [[], [bad], [worse], [ofIssuer], [troubled({ reason: 'ZoneNotFound' })]];

test('nobody who has heard of trouble waits for its end in vain', () => {
  for (let play = 0; play < runs(1_000); play += 1) {
    const random = randomOf(play);
    const pick = <T>(all: readonly T[]) => all[Math.floor(random() * all.length)] as T;
    const names = Array.from({ length: 1 + Math.floor(random() * 9) }, (_, at) => `c${at}`);
    const at = installation();
    const people = tastes.map((taste) => ({ taste, waitsFor: new Set<string>() }));
    let fleet: Record<string, readonly Condition[]> = {};
    const step = (dies: boolean) => {
      const messages = at.hear(fleet, { afterMs: pick([minuteMs, hourMs, 2 * dayMs]), dies });
      for (const message of messages) {
        for (const { taste, waitsFor } of people) read(message, taste, waitsFor);
      }
    };
    for (let count = 0; count < 8; count += 1) {
      at.owners = Object.fromEntries(names.map((name) => [name, pick(['team-a', 'team-b', ''])]));
      const next = names.map((name) => [name, random() < 0.4 ? pick(states) : (fleet[name] ?? [])]);
      fleet = Object.fromEntries(next);
      step(random() < 0.2);
    }
    fleet = Object.fromEntries(names.map((name) => [name, []]));
    step(false);
    for (const { taste, waitsFor } of people) {
      expect([...waitsFor], `play ${play}: ${taste}`).toEqual([]);
    }
  }
});

function isFor({ owner = [], severity }: Route, [wanted, worst]: Taste): boolean {
  return (wanted === null || owner.includes(wanted)) && (!worst || severity.includes(worst));
}

/** A summary names what concerns others, too; who reads it waits only for what is theirs. */
function read({ attributes, decision }: Heard, taste: Taste, waitsFor: Set<string>): void {
  if (!isFor(attributes, taste) || decision.kind === 'digest') return;
  for (const { audience, key, thread } of decision.kind === 'summary' ? decision.of : [decision]) {
    if (!isFor(routeTo(audience), taste)) continue;
    if (thread === null) waitsFor.delete(key);
    else waitsFor.add(key);
    // What each was told of alone goes on in the thread of many.
    if (!thread || !isOfMany(thread)) continue;
    for (const id of idsOf(thread)) waitsFor.delete(certificateKey(id));
  }
}
