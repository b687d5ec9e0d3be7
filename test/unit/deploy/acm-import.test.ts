import { expect, test } from 'vitest';
import * as acmImport from '#shared/deploy/acm-import.ts';
import type { AcmImport, CertificateRecord } from '#shared/ledger/record/record.ts';
import { failureUntil, healthy, inDays, now } from '#test/support/healthy.ts';

const place = '123456789012/us-east-1';
const held: AcmImport = {
  arn: 'arn:1',
  versionId: 'v1',
  importing: null,
  previousVersionId: null,
  retired: [],
  importedAt: now.toISOString(),
  publishedArn: null,
  publishFailure: null,
  leaving: null,
};
const later = inDays(1);
const failure = failureUntil(later);

const recordOf = (change: Partial<AcmImport> | null) =>
  healthy({ imports: change === null ? {} : { [place]: { ...held, ...change } } });
const entryIn = (record: CertificateRecord) => record.imports[place] as AcmImport;

const states = {
  'no import': recordOf(null),
  'a first import': recordOf({ arn: null, versionId: null, importing: 'v2' }),
  'v1 at arn:1': recordOf({}),
  'v1 at arn:1, a further import': recordOf({ importing: 'v2' }),
  're-import onto arn:1': recordOf({ versionId: null, importing: 'v2', previousVersionId: 'v1' }),
  'something at arn:1': recordOf({ versionId: null }),
} as const;

function stateOf(record: CertificateRecord): string {
  const entry = record.imports[place];
  if (!entry) return 'no import';
  const { arn, versionId, importing } = entry;
  if (arn === null) return importing ? 'a first import' : 'nothing held';
  if (versionId === null) return importing ? `re-import onto ${arn}` : `something at ${arn}`;
  return `${versionId} at ${arn}${importing ? ', a further import' : ''}`;
}

type Event = (record: CertificateRecord) => CertificateRecord;
const at = later;
const why = 'because';
const reimport = { arn: 'arn:1', versionId: 'v2', previousVersionId: 'v1', why, at };
const events = {
  newImportBegun: (record) => acmImport.newImportBegun(record, place, { versionId: 'v2', at }),
  reimportBegun: (record) => acmImport.reimportBegun(record, place, reimport),
  putBackBegun: (record) => acmImport.putBackBegun(record, place, 'v0'),
  'settled at arn:1': (record) =>
    acmImport.settled(record, place, { arn: 'arn:1', versionId: 'v2', at }),
  'settled at arn:2': (record) =>
    acmImport.settled(record, place, { arn: 'arn:2', versionId: 'v2', at }),
  notAdopted: (record) => acmImport.notAdopted(record, place, { why, at }),
  'heldAsBefore with v1': (record) =>
    acmImport.heldAsBefore(record, place, { versionId: 'v1', why, at }),
  unheardFound: (record) => acmImport.unheardFound(record, place, { arns: ['arn:3'], at }),
  'arnGone of arn:1': (record) => acmImport.arnGone(record, place, 'arn:1'),
  'arnGone of another': (record) => acmImport.arnGone(record, place, 'arn:9'),
  placeLeft: (record) => acmImport.placeLeft(record, place, at),
} as const satisfies Record<string, Event>;

type State = keyof typeof states;
type EventName = keyof typeof events;

// What cannot follow on each other by the decisions of deploy is left out.
test.each<[State, EventName, string]>([
  ['no import', 'newImportBegun', 'a first import'],
  ['no import', 'reimportBegun', 're-import onto arn:1'],
  ['no import', 'putBackBegun', 'unchanged'],
  ['no import', 'settled at arn:1', 'v2 at arn:1'],
  ['no import', 'arnGone of arn:1', 'unchanged'],
  ['no import', 'placeLeft', 'no import'],
  ['a first import', 'newImportBegun', 'a first import'],
  ['a first import', 'settled at arn:1', 'v2 at arn:1'],
  ['a first import', 'reimportBegun', 're-import onto arn:1'],
  ['a first import', 'unheardFound', 'nothing held'],
  ['a first import', 'arnGone of another', 'a first import'],
  ['a first import', 'placeLeft', 'no import'],
  ['v1 at arn:1', 'newImportBegun', 'v1 at arn:1, a further import'],
  ['v1 at arn:1', 'reimportBegun', 're-import onto arn:1'],
  ['v1 at arn:1', 'putBackBegun', 're-import onto arn:1'],
  ['v1 at arn:1', 'settled at arn:1', 'v2 at arn:1'],
  ['v1 at arn:1', 'settled at arn:2', 'v2 at arn:2'],
  ['v1 at arn:1', 'arnGone of arn:1', 'nothing held'],
  ['v1 at arn:1', 'arnGone of another', 'v1 at arn:1'],
  ['v1 at arn:1', 'placeLeft', 'no import'],
  ['v1 at arn:1, a further import', 'settled at arn:2', 'v2 at arn:2'],
  ['v1 at arn:1, a further import', 'reimportBegun', 're-import onto arn:1'],
  ['v1 at arn:1, a further import', 'unheardFound', 'v1 at arn:1'],
  ['v1 at arn:1, a further import', 'arnGone of arn:1', 'nothing held'],
  ['re-import onto arn:1', 'settled at arn:1', 'v2 at arn:1'],
  ['re-import onto arn:1', 'heldAsBefore with v1', 'v1 at arn:1'],
  ['re-import onto arn:1', 'notAdopted', 'nothing held'],
  ['re-import onto arn:1', 'arnGone of arn:1', 'nothing held'],
  ['re-import onto arn:1', 'placeLeft', 'no import'],
  ['something at arn:1', 'reimportBegun', 're-import onto arn:1'],
  ['something at arn:1', 'settled at arn:1', 'v2 at arn:1'],
  ['something at arn:1', 'newImportBegun', 're-import onto arn:1'],
])('%s: after %s it is %s', (state, event, expected) => {
  const before = states[state];
  const after = events[event](before);
  expect(after === before ? 'unchanged' : stateOf(after)).toBe(expected);
});

test('a settled import is not written again', () => {
  const record = recordOf({ versionId: 'v2' });
  expect(events['settled at arn:1'](record)).toBe(record);
  const unheard = recordOf({ versionId: 'v2', importing: 'v2' });
  expect(events['settled at arn:1'](unheard)).not.toBe(unheard);
});

test('the same ARN keeps its way back, and a new one retires it', () => {
  const retired = [{ arn: 'arn:0', lookAgainAt: now.toISOString() }];
  const before = recordOf({ importing: 'v2', previousVersionId: 'v0', retired });
  const importedAt = at.toISOString();
  expect(entryIn(events['settled at arn:1'](before))).toMatchObject({
    previousVersionId: 'v0',
    retired,
    importedAt,
  });
  expect(entryIn(events['settled at arn:2'](before))).toMatchObject({
    previousVersionId: null,
    retired: [...retired, { arn: 'arn:1', lookAgainAt: importedAt }],
    importedAt,
  });
});

test('an earlier ARN that is used again is retired no more', () => {
  const retired = [{ arn: 'arn:2', lookAgainAt: now.toISOString() }];
  const after = events['settled at arn:2'](recordOf({ retired }));
  expect(entryIn(after).retired.map(({ arn }) => arn)).toEqual(['arn:1']);
});

test('a twin is retired once, as one that nobody has used', () => {
  const twin = { arn: 'arn:2', at };
  const found = acmImport.twinFound(recordOf({}), place, twin);
  const again = acmImport.twinFound(found, place, twin);
  const unusedSince = '1970-01-01T00:00:00.000Z';
  expect(entryIn(again).retired).toEqual([
    { arn: 'arn:2', lookAgainAt: at.toISOString(), unusedSince },
  ]);
});

test.each<[EventName, string]>([
  ['reimportBegun', 'importing onto arn:1'],
  ['notAdopted', 'arn:1 is not ours'],
  ['heldAsBefore with v1', 'arn:1 holds version v1'],
])('after %s the history says "%s"', (event, what) => {
  const { history } = events[event](states['re-import onto arn:1']);
  expect(history.at(-1)).toEqual({ at: at.toISOString(), stage: 'import', what, why });
});

test('with the ARN in use, and with the place, their targets are forgotten and no others', () => {
  const deployed = (where: string, arn: string) => ({ place: where, arn }) as never;
  const deployments = {
    a: deployed(place, 'arn:1'),
    b: deployed(place, 'arn:2'),
    c: deployed('other', 'arn:1'),
  };
  const record = { ...recordOf({}), deployments };
  expect(Object.keys(events['arnGone of arn:1'](record).deployments)).toEqual(['b', 'c']);
  expect(Object.keys(events.placeLeft(record).deployments)).toEqual(['c']);
});

test.each<[string, Event, Partial<AcmImport>]>([
  [
    'published',
    (record) => acmImport.published(record, place, 'arn:1'),
    { publishedArn: 'arn:1', publishFailure: null },
  ],
  [
    'not published',
    (record) => acmImport.notPublished(record, place, failure),
    { publishedArn: 'arn:0', publishFailure: failure },
  ],
  [
    'withdrawn',
    (record) => acmImport.withdrawn(record, place),
    { publishedArn: null, publishFailure: null },
  ],
])('once it is %s, the record says so, and nothing where there is no import', (_, event, part) => {
  const before = recordOf({ publishedArn: 'arn:0', publishFailure: { ...failure, count: 7 } });
  expect(entryIn(event(before))).toEqual({ ...held, ...part });
  const none = recordOf(null);
  expect(event(none)).toBe(none);
});

test('a retired place is looked at again in an hour, and after a failure when that is due', () => {
  const inAnHour = new Date(now.getTime() + 3_600_000).toISOString();
  const used = acmImport.stillInUse(recordOf({}), place, now);
  expect(entryIn(used).leaving).toEqual({ lookAgainAt: inAnHour, failure: null });
  const failed = acmImport.notLeft(used, place, failure);
  expect(entryIn(failed).leaving).toEqual({ lookAgainAt: failure.nextAttemptAt, failure });
});
