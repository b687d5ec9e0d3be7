import { randomOf } from 'local-cloud/kit/determinism.ts';
import { expect, test } from 'vitest';
import { type Decision, decideMessages, type Heard } from '#shared/finish/alert/decide-messages.ts';
import { idsOf, threadsOf } from '#shared/finish/alert/threads.ts';
import type { Told } from '#shared/finish/alert/told.ts';
import type { Condition } from '#shared/status/condition.ts';
import { addMs, dayMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { fleetStatus, troubled } from '#test/support/fleet-status.ts';
import { runs } from '#test/support/full.ts';
import { now } from '#test/support/healthy.ts';

type Fleet = Parameters<typeof fleetStatus>[0];

/** What people hear, check after check. */
function listener(digest: 'weekly' | 'never' = 'never') {
  let told: Told | null = null;
  let at = now;
  return {
    /** Alert runs after a check of this fleet; a run that dies has sent everything, and noted only that it was about to. */
    hear(fleet: Fleet, { afterMs = 0, dies = false, own = [] as readonly Condition[] } = {}) {
      at = addMs(at, afterMs);
      const decided = decideMessages(fleetStatus(fleet, { at, own }), told, { digest }, at);
      told = dies ? decided.intended : decided.after(new Set());
      return decided.messages;
    },
    /** The object is lost. */
    forget() {
      told = null;
    },
    knows: () => told,
  };
}

function textOf(decision: Decision): string {
  if (decision.kind === 'digest') return 'digest';
  if (decision.kind === 'summary') return `summary of ${decision.of.length}`;
  return `${decision.key}: ${decision.occasion}`;
}

const bad = troubled();
const worse = troubled({ danger: { severity: 'critical' } });
const other = troubled({ reason: 'ZoneNotFound' });
const ofIssuer = troubled({ reason: 'IssuerUnreachable', scope: 'issuer letsencrypt' });

test('people hear once of trouble, and once that all is well again', () => {
  const people = listener();
  people.hear({ shop: [] });
  expect(people.hear({ shop: [bad] }).map(textOf)).toEqual(['certificate shop: bad']);
  expect(people.hear({ shop: [bad] }, { afterMs: 10 * minuteMs })).toEqual([]);
  expect(people.hear({ shop: [] }).map(textOf)).toEqual(['certificate shop: well']);
  expect(people.hear({ shop: [] })).toEqual([]);
});

test.each([
  ['its severity', worse],
  ['its reason', other],
  ['what clients get', troubled({ danger: { clients: 'ended' } })],
])('people hear when trouble changes %s', (_, changed) => {
  const people = listener();
  people.hear({ shop: [] });
  people.hear({ shop: [bad] });
  expect(people.hear({ shop: [changed] }).map(textOf)).toEqual(['certificate shop: changed']);
});

test('people are reminded once a day', () => {
  const people = listener();
  people.hear({ shop: [] });
  people.hear({ shop: [bad] });
  expect(people.hear({ shop: [bad] }, { afterMs: 23 * hourMs })).toEqual([]);
  expect(people.hear({ shop: [bad] }, { afterMs: hourMs }).map(textOf)).toEqual([
    'certificate shop: reminder',
  ]);
});

test('people are reminded once an hour in the last day of a life', () => {
  const people = listener();
  const hurtsAt = addMs(now, 10 * hourMs).toISOString();
  const urgent = troubled({ danger: { severity: 'critical', hurtsAt } });
  people.hear({ shop: [] });
  people.hear({ shop: [urgent] });
  const heard = Array.from({ length: 12 }, () =>
    people.hear({ shop: [urgent] }, { afterMs: 30 * minuteMs }),
  );
  expect(heard.flat().map(textOf)).toEqual(Array(6).fill('certificate shop: reminder'));
});

test('a cause that many share is one message, until it has grown fourfold or a day has passed', () => {
  const people = listener();
  const fleetOf = (count: number) =>
    Object.fromEntries(
      Array.from({ length: 100 }, (_, at) => [`c${at}`, at < count ? [ofIssuer] : []]),
    );
  people.hear(fleetOf(0));
  const heard = Array.from({ length: 100 }, (_, at) =>
    people.hear(fleetOf(at + 1), { afterMs: minuteMs }),
  );
  expect(heard.flat().map(textOf)).toEqual([
    'issuer letsencrypt: bad',
    // Of 4, 16 and 64.
    ...Array(3).fill('issuer letsencrypt: changed'),
  ]);
  expect(people.hear(fleetOf(0)).map(textOf)).toEqual(['issuer letsencrypt: well']);
});

test('the same trouble of many certificates at once is one message, and stays one until it is over', () => {
  const people = listener();
  const fleetOf = (count: number) =>
    Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`c${at}`, at < count ? [bad] : []]));
  people.hear(fleetOf(0));
  expect(people.hear(fleetOf(6)).map(textOf)).toEqual(['many Renewable CaaForbids: bad']);
  expect(people.hear(fleetOf(2)).map(textOf)).toEqual([]);
  expect(people.hear(fleetOf(0)).map(textOf)).toEqual(['many Renewable CaaForbids: well']);
});

test('certificates whose own trouble becomes that of many are not called well', () => {
  const people = listener();
  const ids = Array.from({ length: 6 }, (_, at) => `c${at}`);
  people.hear(Object.fromEntries(ids.map((id) => [id, []])));
  people.hear(Object.fromEntries(ids.map((id) => [id, id === 'c0' ? [bad] : []])));
  expect(people.hear(Object.fromEntries(ids.map((id) => [id, [bad]]))).map(textOf)).toEqual([
    'many Renewable CaaForbids: bad',
  ]);
});

test('many different things at once are one summary', () => {
  const people = listener();
  const reasons = Array.from({ length: 9 }, (_, at) => `Reason${at}`);
  people.hear(Object.fromEntries(reasons.map((id) => [id.toLowerCase(), []])));
  const fleet = reasons.map((reason) => [reason.toLowerCase(), [troubled({ reason })]] as const);
  expect(people.hear(Object.fromEntries(fleet)).map(textOf)).toEqual(['summary of 9']);
  expect(people.hear(Object.fromEntries(fleet))).toEqual([]);
});

test('if what was told is lost, one summary tells everything', () => {
  const people = listener();
  const fleet = { shop: [bad], api: [other], mail: [] };
  people.hear({ shop: [], api: [], mail: [] });
  people.hear(fleet);
  people.forget();
  const [summary, ...rest] = people.hear(fleet);
  expect(summary).toMatchObject({ kind: 'summary', isWhole: true });
  expect(rest).toEqual([]);
  expect(people.hear(fleet)).toEqual([]);
});

test('the first summary is sent until it is told', () => {
  const people = listener();
  const [first] = people.hear({ shop: [] }, { dies: true });
  const [second] = people.hear({ shop: [] });
  expect(second?.id).toBe(first?.id);
  expect(people.hear({ shop: [] })).toEqual([]);
});

test('what was told in a time that lies ahead is told again', () => {
  const people = listener();
  people.hear({ shop: [] });
  people.hear({ shop: [bad] });
  const { threads } = people.knows() as Told;
  const forged = { ...threads['certificate shop'], at: '9999-12-31T00:00:00.000Z' };
  Object.assign(threads, { 'certificate shop': forged });
  expect(people.hear({ shop: [bad] }).map(textOf)).toEqual(['certificate shop: reminder']);
});

test('trouble of certkeep itself is a message of its own', () => {
  const people = listener();
  const own = [troubled({ type: 'Checking', about: null, reason: 'CheckIncomplete' })];
  people.hear({ shop: [] });
  expect(people.hear({ shop: [] }, { own }).map(textOf)).toEqual(['Checking: bad']);
});

test('a run that dies before it has noted what it sent sends the same again, with the same id', () => {
  const people = listener();
  people.hear({ shop: [] });
  const ids = (messages: readonly Decision[]) => messages.map(({ id }) => id);
  const first = ids(people.hear({ shop: [bad] }, { dies: true }));
  const second = ids(people.hear({ shop: [bad] }, { afterMs: 10 * minuteMs }));
  expect(second).toEqual(first);
  people.hear({ shop: [] });
  expect(ids(people.hear({ shop: [bad] }))).not.toEqual(first);
});

test('a digest comes once a week, and never where nobody wants it', () => {
  const weekly = listener('weekly');
  const heard = Array.from({ length: 30 }, () => weekly.hear({ shop: [] }, { afterMs: dayMs }));
  expect(heard.flat().map(textOf)).toEqual(['summary of 0', ...Array(4).fill('digest')]);
  const never = listener();
  never.hear({ shop: [] });
  expect(
    Array.from({ length: 30 }, () => never.hear({ shop: [] }, { afterMs: dayMs })).flat(),
  ).toEqual([]);
});

/** How many messages an address gets of a fleet that changes, check after check. */
function countOf(days: number, everyMs: number, fleetAt: (day: number) => Fleet): number {
  const people = listener('weekly');
  let count = 0;
  for (let ms = 0; ms < days * dayMs; ms += everyMs) {
    count += people.hear(fleetAt(ms / dayMs), { afterMs: everyMs }).length;
  }
  return count;
}

const fleetOf = (size: number, conditions: (index: number) => readonly Condition[] = () => []) =>
  Object.fromEntries(Array.from({ length: size }, (_, index) => [`c${index}`, conditions(index)]));

test('a year in which all goes well is one message a week, and the first one', () => {
  const well = fleetOf(300);
  expect(countOf(365, dayMs, () => well)).toBe(1 + 52);
});

test('an issuer that is down for three days under 10,000 certificates is a handful of messages', () => {
  // As many more each day as a renewal in sixty days makes.
  const count = countOf(4, hourMs, (day) =>
    fleetOf(10_000, (index) =>
      day >= 0.5 && index < ((day - 0.5) * 10_000) / 60 ? [ofIssuer] : [],
    ),
  );
  expect(count).toBeLessThanOrEqual(6);
});

test('what is written is bounded, however many certificates are bad', () => {
  const people = listener();
  const all = Array.from({ length: 10_000 }, (_, at) => [`c${at}`, [ofIssuer, bad]] as const);
  people.hear(Object.fromEntries(all));
  expect(JSON.stringify(people.knows()).length).toBeLessThan(10_000);
});

const states: readonly (readonly Condition[])[] = [
  [],
  [bad],
  [worse],
  [other],
  [ofIssuer],
  [ofIssuer, bad],
  [
    troubled({
      type: 'Served',
      about: 'web:443',
      reason: 'EndpointContradicted',
      danger: { severity: 'critical' },
    }),
  ],
];

/** What a person believes of each thread after these messages, of which each id counts once. */
class Person {
  readonly believes = new Map<string, Heard>();
  readonly #known = new Set<string>();

  read(messages: readonly Decision[]): void {
    for (const message of messages) {
      if (this.#known.has(message.id)) continue;
      this.#known.add(message.id);
      if (message.kind === 'digest') continue;
      if (message.kind === 'summary' && message.isWhole) this.believes.clear();
      for (const heard of message.kind === 'summary' ? message.of : [message]) {
        if (heard.thread === null) this.believes.delete(heard.key);
        else this.believes.set(heard.key, heard);
        // What many share is told of all of them; what each was told of alone is over with that.
        const isOfMany = heard.key.startsWith('many ');
        const members = isOfMany && heard.thread ? idsOf(heard.thread) : [];
        for (const id of [...members, ...heard.wellAgain])
          this.believes.delete(`certificate ${id}`);
      }
    }
  }
}

/** Plays that showed a mistake, of thirty thousand. */
const formerFailures = [5, 12, 232, 785, 1_843, 16_043];

test('two checks after the last change, what people last heard is what is', () => {
  const drawn = Array.from({ length: runs(2_000) }, (_, play) => play);
  for (const play of new Set([...formerFailures, ...drawn])) {
    const random = randomOf(play);
    const pick = <T>(all: readonly T[]) => all[Math.floor(random() * all.length)] as T;
    const people = listener();
    const person = new Person();
    let fleet: Record<string, readonly Condition[]> = {};
    const names = Array.from({ length: 1 + Math.floor(random() * 12) }, (_, at) => `c${at}`);
    for (let step = 0; step < 12; step += 1) {
      const change = names.map((name) => [
        name,
        random() < 0.3 ? pick(states) : (fleet[name] ?? []),
      ]);
      fleet = Object.fromEntries(change);
      if (random() < 0.1) people.forget();
      const dies = random() < 0.3;
      const afterMs = pick([minuteMs, hourMs, 5 * hourMs, 2 * dayMs]);
      person.read(people.hear(fleet, { afterMs, dies }));
    }
    person.read(people.hear(fleet, { afterMs: 10 * minuteMs }));
    person.read(people.hear(fleet, { afterMs: 10 * minuteMs }));
    const open = new Set(Object.keys(people.knows()?.threads ?? {}));
    for (const { key, members, severity } of threadsOf(fleetStatus(fleet), open)) {
      const heard = person.believes.get(key)?.thread;
      expect(heard?.severity, `play ${play}: ${key}`).toBe(severity);
      expect(heard?.members[0].condition.reason).toBe(members[0].condition.reason);
    }
    const well = names.filter((name) => fleet[name]?.length === 0);
    const alone = well.filter((name) => person.believes.has(`certificate ${name}`));
    expect(alone, `play ${play}`).toEqual([]);
  }
});
