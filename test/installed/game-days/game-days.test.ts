import { readFile, writeFile } from 'node:fs/promises';
import { realParts } from 'local-cloud/kit/real-parts.ts';
import { afterEach, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { type Night, nightOf } from './night.ts';

let night: Night;
afterEach(() => night?.leave());

/** A person follows the message: the first target of blog leaves the file that it names. */
async function takeTargetOut({ message }: Night): Promise<void> {
  const file = /out of (\S+certkeep\.yaml)/.exec(message)?.[1] ?? '';
  const config = parse(await readFile(file, 'utf8'));
  config.certificates.blog.targets.shift();
  await writeFile(file, stringify(config));
}

/** The command writes down what it has changed. */
async function otherRecordsStay({ file }: Night): Promise<void> {
  const { Changes } = JSON.parse(await file('caa.json'));
  const [{ ResourceRecordSet }] = Changes;
  const values = ResourceRecordSet.ResourceRecords.map(({ Value }: { Value: string }) => Value);
  expect(ResourceRecordSet).toMatchObject({ Name: 'example.org.', Type: 'CAA', TTL: 300 });
  expect(values).toEqual([
    '0 issue "another-ca.example"',
    '0 iodef "mailto:ops@example.org"',
    '0 issue "ca.test"',
  ]);
}

type Case = {
  readonly reason: string;
  readonly command: RegExp;
  readonly wellAgain: RegExp;
  /** What the message asks for besides its command. */
  readonly before?: (night: Night) => Promise<void>;
  /** What else is so after the command. */
  readonly after?: (night: Night) => Promise<void>;
};

const cases: Readonly<Record<string, Case>> = {
  drift: {
    reason: 'ListenerChanged',
    command: /^echo .*"retry":true.* \| aws lambda invoke /,
    wellAgain: /certkeep well again: docs\n/,
  },
  'secret-deleted': {
    reason: 'SecretMarkedForDeletion',
    command: /^aws secretsmanager restore-secret /,
    wellAgain: /certkeep well again: api\n/,
  },
  'listener-gone': {
    reason: 'ListenerNotFound',
    command: /^npx cdk deploy --all$/,
    wellAgain: /certkeep well again: blog\n/,
    before: takeTargetOut,
  },
  'ca-down': {
    reason: 'IssuerUnreachable',
    command: /^echo .*"app","blog","shop".*"retry":true.* \| aws lambda invoke /,
    // The first messages tell of those that have failed three times by then.
    wellAgain: /certkeep well again: (?:[23] certificates|app|blog|shop)\n/,
  },
  caa: {
    reason: 'CaaForbids',
    command: /^zone=.* change-resource-record-sets .*"retry":true.* \| aws lambda invoke /,
    wellAgain: /certkeep well again: shop\n/,
    after: otherRecordsStay,
  },
  'key-leaked': {
    reason: 'Revoked',
    command: /^echo .*"force":true.* \| aws lambda invoke /,
    wellAgain: /certkeep well again: shop\n/,
  },
};

describe.skipIf(realParts.aws === null)('game days', () => {
  test.each(Object.entries(cases))(
    '%s: the command in the message, run as it stands there, makes all well again, and people hear of it',
    async (scenario, { after, before, command, reason, wellAgain }) => {
      night = await nightOf(scenario);
      expect(night.message).toContain(reason);
      expect(night.command).toMatch(command);
      await before?.(night);
      await night.type(night.command);
      await after?.(night);
      expect(await night.end(), night.printed()).toBe(0);
      expect(night.printed()).toMatch(wellAgain);
      expect(night.printed().trimEnd()).toMatch(/Every endpoint serves what the ledger says\.$/);
    },
    300_000,
  );
});
