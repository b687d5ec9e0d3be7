import { expect, test } from 'vitest';
import { parseConfig } from '#shared/config-file/parse.ts';
import { certificatesYaml, configYaml } from '#test/support/config-yaml.ts';
import { expectRow, type Row } from '#test/support/mistakes.ts';

const certificates = certificatesYaml({ shop: { targets: '[{type: acm, region: eu-west-1}]' } });
const written = (text: string) => ({ certificates, retired: `discovery: ${text}` });

const rows: readonly Row[] = [
  [
    'another mode',
    written('automatic'),
    'discovery',
    'is neither approve or trusted nor a block with a mode',
    'Write one of: approve, trusted.',
  ],
  [
    'a region alone',
    written('{places: [us-east-1]}'),
    'discovery.places[0]',
    'is not an account and a region',
    '"123456789012/us-east-1"',
  ],
  [
    'a region of another partition',
    written('{places: ["123456789012/cn-north-1"]}'),
    'discovery.places[0]',
    'is in the partition aws-cn, out of reach from us-east-1',
    'with a file of its own',
  ],
  [
    'a retired place',
    written('{places: ["123456789012/us-west-2"]}\nretired: {places: [123456789012/us-west-2]}'),
    'discovery.places[0]',
    'is retired, so that certkeep only cleans up there',
    'Remove it here',
  ],
];

test.each(rows)('%s', (...row) => expectRow(row));

test.each([
  ['approve', 'approve', ['123456789012/us-east-1', '123456789012/eu-west-1']],
  ['trusted', 'trusted', ['123456789012/us-east-1', '123456789012/eu-west-1']],
  ['{places: ["123456789012/us-west-2"]}', 'approve', ['123456789012/us-west-2']],
])('%s looks where it says, and else at home and where targets are', (text, mode, places) => {
  const reading = parseConfig(configYaml(written(text)));
  expect(reading.ok && reading.config.discovery).toEqual({ mode, places });
});
