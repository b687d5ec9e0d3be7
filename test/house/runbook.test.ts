import { expect, test } from 'vitest';
import { expiryNotice } from '#infra/parts/expiring.ts';
import { alarmKinds } from '#shared/alarms.ts';
import { catalogue } from '#shared/errors.ts';
import { eventTypes } from '#shared/ledger/record/record.ts';
import { stages } from '#shared/stage.ts';
import { stateReasons } from '#shared/status/reasons.ts';
import { readText } from './sources.ts';

type Entry = { readonly part: string; readonly heading: string; readonly body: string };

/** The `##` headings of docs/runbook.md, each with the `#` heading it stands under. */
function entriesOf(runbook: string): readonly Entry[] {
  return runbook.split(/^# /m).flatMap((text) => {
    const [part = ''] = text.split('\n', 1);
    const [, ...sections] = text.split(/^## /m);
    return sections.map((section) => {
      const [heading = ''] = section.split('\n', 1);
      return { part, heading, body: section.slice(heading.length) };
    });
  });
}

const entries = entriesOf(readText('docs/runbook.md'));
const ofStages = entries.filter(({ part }) => stages.some((stage) => part === `Stage: ${stage}`));
const ofConditions = entries.filter(({ part }) => part === 'Conditions');
const ofEvents = entries.filter(({ part }) => part === 'Events');
const ofAlarms = entries.filter(({ part }) => part === 'Alarms');
const ofNotices = entries.filter(({ part }) => part === 'Notices of AWS');
const ofDeployments = entries.filter(({ part }) => part === 'Deployments');
const sorted = (names: readonly string[]) => names.toSorted();

test('every error has one heading, and every heading is an error', () => {
  expect(sorted(ofStages.map(({ heading }) => heading))).toEqual(sorted(Object.keys(catalogue)));
});

test('an error stands under its stage, and the stages stand in their order', () => {
  const written = ofStages.map(({ part, heading }) => `${part}: ${heading}`);
  const expected = stages.flatMap((stage) =>
    Object.entries(catalogue)
      .filter(([, failure]) => failure.stage === stage)
      .map(([name]) => `Stage: ${stage}: ${name}`),
  );
  expect(written).toEqual(expected);
});

test('every reason of a condition that needs a person has one heading', () => {
  const needed = Object.entries(stateReasons).filter(([, { nextStep }]) => nextStep !== null);
  expect(sorted(ofConditions.map(({ heading }) => heading))).toEqual(
    sorted(needed.map(([name]) => name)),
  );
});

test('every resolution has a command in a block of its own', () => {
  const idle = entries.filter(
    ({ body }) => !/^ {4}\S/m.test(body.split('**Resolution.**')[1] ?? ''),
  );
  expect(idle.map(({ heading }) => heading)).toEqual([]);
});

test.each([
  ['KeyStoreUnreadable', 'npx certkeep retry shop'],
  ['SecretMarkedForDeletion', 'aws secretsmanager restore-secret'],
])('%s: a key that can come back is not replaced', (name, next) => {
  const [, resolution = ''] =
    entries.find(({ heading }) => heading === name)?.body.split('**Resolution.**') ?? [];
  const commands = resolution.split('\n').filter((line) => line.startsWith('    '));
  expect(commands[0]).toContain('aws secretsmanager restore-secret --secret-id certkeep/shop');
  expect(commands.join('\n')).toContain(next);
  expect(commands.join('\n')).not.toMatch(/certkeep renew|check:force/);
});

test('the index by symptom leads to every entry', () => {
  const [, index = ''] = readText('docs/runbook.md').split('**By what you see.**');
  const [table = ''] = index.split('**Prepare a shell.**');
  const named = [...table.matchAll(/\[([\w-]+)\]\(#/g)].map(([, name]) => name);
  expect(entries.map(({ heading }) => heading).filter((name) => !named.includes(name))).toEqual([]);
});

test('every type of event has one heading, and every heading is such a type', () => {
  expect(sorted(ofEvents.map(({ heading }) => heading))).toEqual(sorted(eventTypes));
});

test('every alarm has one heading, and every heading is such an alarm', () => {
  expect(sorted(ofAlarms.map(({ heading }) => heading))).toEqual(sorted(Object.keys(alarmKinds)));
});

test('what AWS itself reports has a heading', () => {
  expect(ofNotices.map(({ heading }) => heading)).toEqual([expiryNotice]);
});

test('no entry stands outside of these parts', () => {
  const known = new Set([
    ...ofStages,
    ...ofConditions,
    ...ofEvents,
    ...ofAlarms,
    ...ofNotices,
    ...ofDeployments,
  ]);
  expect(entries.filter((entry) => !known.has(entry)).map(({ heading }) => heading)).toEqual([]);
});

test.each(entries.map((entry) => [entry.heading, entry.body] as const))(
  '%s says what it is, how to look into it and what to do',
  (_, body) => {
    const words = ['Description', 'Investigation', 'Resolution'];
    expect(body.match(/^\*\*(\w+)\.\*\* \S/gm)?.map((line) => line.split(/\W+/)[1])).toEqual(words);
  },
);
