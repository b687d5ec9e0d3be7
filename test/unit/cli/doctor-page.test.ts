import { expect, test } from 'vitest';
import type { Finding, Mark } from '#cli/prepare/doctor/check.ts';
import { type Examined, examine } from '#cli/prepare/doctor/examine.ts';
import { nextCommand } from '#cli/prepare/doctor/next-command.ts';
import { notKnown } from '#cli/prepare/doctor/not-known.ts';
import { doctorPage, exitCodeOf } from '#cli/prepare/doctor/page.ts';
import { progressOn } from '#cli/prepare/doctor/progress.ts';
import { hasStandIn } from '#cli/prepare/doctor/stand-in.ts';
import { plainPaint } from '#cli/text/paint.ts';
import { shellWord } from '#cli/text/shell-word.ts';
import { CertkeepError } from '#shared/errors.ts';
import { hidden } from '#shared/text/plain-text.ts';
import { configYaml } from '#test/support/config-yaml.ts';
import { configOf } from '#test/support/synth.ts';

const look = { width: 80, paint: plainPaint, all: false, next: 'npx cdk diff' };
const found = (mark: Mark, text: string, more: Partial<Finding> = {}): Finding => ({
  mark,
  text,
  ...more,
});
const examined = (...findings: readonly Finding[]): readonly Examined[] => [
  { title: 'Zones', findings },
];

test('the page has a line for each finding, its fix below, and how many there are', () => {
  const command = `aws route53 get-hosted-zone --id ${'Z'.repeat(80)}`;
  const page = doctorPage(
    examined(
      found(
        'wrong',
        'example.com is delegated to ns1.example.net, ns2.example.net, and not to it',
        {
          say: 'Name these servers at your registrar:',
          command,
        },
      ),
      found('ok', 'example.org is public and delegated'),
    ),
    look,
  );
  expect(page).toEqual([
    'Zones',
    '  wrong      example.com is delegated to ns1.example.net, ns2.example.net, and',
    '             not to it',
    '             Name these servers at your registrar:',
    `             ${command}`,
    '  ok         example.org is public and delegated',
    '',
    '1 ok, 1 wrong',
  ]);
});

test('where nothing is wrong, the page ends with the command that follows', () => {
  const page = doctorPage(examined(found('ok', 'one'), found('warning', 'two')), look);
  expect(page.slice(-2)).toEqual(['1 ok, 1 warning', 'Next: npx cdk diff']);
});

test.each([
  [{ file: 'certkeep.yaml', isLocal: false, isPlayed: false }, 'npx cdk diff'],
  [{ file: 'shop.yaml', isLocal: false, isPlayed: false }, 'npx cdk diff -c config=shop.yaml'],
  [
    { file: 'certkeep.yaml', isLocal: true, isPlayed: false },
    'npm start -- --keep --config certkeep.yaml',
  ],
  [{ file: '/tmp/played.yaml', isLocal: true, isPlayed: true }, 'npx certkeep status --local'],
])('%j is followed by %s', (where, next) => {
  expect(nextCommand(where)).toBe(next);
});

test('a kept local cloud has its CA in place of one on the internet', () => {
  const away = { directory: 'https://acme-v02.api.letsencrypt.org/directory' };
  expect(hasStandIn(away, true)).toBe(true);
  expect(hasStandIn(away, false)).toBe(false);
  expect(hasStandIn({ directory: 'https://127.0.0.1:43519/directory' }, true)).toBe(false);
});

test('of many lines that are ok five stand there, and all where they are asked for', () => {
  const many = Array.from({ length: 300 }, (_, index) => found('ok', `listener ${index}`));
  const page = doctorPage(examined(found('wrong', 'one is gone'), ...many), look);
  expect(page).toHaveLength(1 + 1 + 5 + 1 + 1 + 1);
  expect(page[7]).toBe('             295 more are ok (--all shows them)');
  expect(doctorPage(examined(...many), { ...look, all: true })).toHaveLength(1 + 300 + 3);
});

test('what others have written cannot steer the terminal', () => {
  const evil = `x\u001b[2J${'\u202e'}y`;
  const page = doctorPage(examined(found('wrong', evil, { say: evil, command: evil })), look);
  expect(page.filter((line) => hidden.test(line))).toEqual([]);
});

test.each([
  [['ok', 'warning'], 0],
  [['ok', 'wrong'], 1],
  [['ok', 'not known'], 1],
] as const)('%j ends with %i', (marks, code) => {
  expect(exitCodeOf(examined(...marks.map((mark) => found(mark, ''))))).toBe(code);
});

const config = configOf(configYaml());
const subject = {
  config,
  file: 'certkeep.yaml',
  caller: { account: config.home.account, arn: 'arn:aws:iam::123456789012:user/me' },
} as Parameters<typeof examine>[1];

test('a check that fails stops no other, and at most eight are under way', async () => {
  let now = 0;
  let most = 0;
  const questions = Array.from({ length: 40 }, (_, index) => ({
    about: `thing ${index}`,
    async ask() {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
      if (index === 3) throw new Error('it broke');
      return [found('ok', `thing ${index}`)];
    },
  }));
  const told: number[] = [];
  const [all] = await examine(
    [{ title: 'Things', rights: [], questions: () => questions }],
    subject,
    (done) => told.push(done),
  );
  expect(all?.findings).toHaveLength(40);
  expect(all?.findings[0]).toEqual({ mark: 'not known', text: 'thing 3: it broke' });
  expect(most).toBe(8);
  expect(told).toHaveLength(40);
});

test('a right that is missing is named, by AWS or else by the check', () => {
  const question = { about: 'alarms', ask: async () => [], instead: 'aws sts get-caller-identity' };
  const check = { rights: ['cloudwatch:DescribeAlarms'] };
  const denied = (message: string) =>
    new CertkeepError('ServiceDenied', 'CloudWatch: no', {
      cause: Object.assign(new Error(message), { name: 'AccessDenied' }),
    });
  const named = denied('User x is not authorized to perform: SNS:ListThings on resource: y');
  expect(notKnown(named, question, check, subject)).toEqual({
    mark: 'not known',
    text: 'alarms: you lack the right sns:ListThings',
    command: 'aws sts get-caller-identity',
  });
  expect(notKnown(denied('no'), question, check, subject).text).toBe(
    'alarms: you lack the right cloudwatch:DescribeAlarms',
  );
});

test('progress is one line on a terminal, which goes away, and nothing in a pipe', () => {
  for (const isInteractive of [true, false]) {
    const printed: string[] = [];
    const terminal = {
      isInteractive,
      paint: plainPaint,
      width: () => 40,
      height: () => 24,
      print: (text: string) => void printed.push(text),
      complain: () => undefined,
      interrupted: () => new Promise<void>(() => undefined),
    };
    const { end, tell } = progressOn(terminal);
    tell(1, 20, 'A check with a very long title that has no room');
    tell(2, 20, 'Zones');
    end();
    expect(printed).toEqual(
      isInteractive
        ? [
            '1 of 20 questions are answered (A check…',
            '\u001b[1A\u001b[2K2 of 20 questions are answered (Zones)',
            '\u001b[1A\u001b[2K\u001b[1A',
          ]
        : [],
    );
  }
});

test.each([
  ['ca/eab', 'ca/eab'],
  ["it's", `'it'\\''s'`],
  ['$(rm)', `'$(rm)'`],
  ['a\u200bb', 'ab'],
])('%j is the word %s of a shell', (text, word) => {
  expect(shellWord(text)).toBe(word);
});
