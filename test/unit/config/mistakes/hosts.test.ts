import { expect, test } from 'vitest';
import { certificatesYaml, configYaml, problemsOf } from '#test/support/config-yaml.ts';
import { expectRow, type Row } from '#test/support/mistakes.ts';

const certificate = (more: string) => ({
  certificates: certificatesYaml({
    shop: {
      names: '[shop.example.com]',
      targets: `[{type: files, probe: shop.example.com${more}}]`,
    },
  }),
});
const at = 'certificates.shop.targets[0]';
const push = (more: string, document = 'certkeep-files') =>
  certificate(`, push: {document: "${document}"${more}}`);
const tag = ', tag: {key: Role, values: [web]}';

const rows: readonly Row[] = [
  ['a push to nobody', push(''), `${at}.push`, 'names no hosts', 'instances'],
  [
    'a push to ids and a tag',
    push(`${tag}, instances: [i-0123456789abcdef0]`),
    `${at}.push`,
    'names hosts by their ids and by a tag',
    'tag',
  ],
  [
    'a document of AWS',
    push(tag, 'AWS-RunShellScript'),
    `${at}.push.document`,
    'is neither the name nor the ARN of a document of yours',
    'examples/ssm-document.yaml',
  ],
  [
    'a parameter that a shell reads',
    push(`${tag}, parameters: {directory: "/etc/$(id)"}`),
    `${at}.push.parameters.directory`,
    'holds characters other than',
    'script of the document',
  ],
  [
    'a parameter with a space',
    push(`${tag}, parameters: {directory: "/etc/tls x"}`),
    `${at}.push.parameters.directory`,
    'holds characters other than',
    '',
  ],
  [
    'a parameter that certkeep gives',
    push(`${tag}, parameters: {secret: another}`),
    `${at}.push.parameters.secret`,
    'is a parameter that certkeep gives',
    'Leave it out',
  ],
  [
    'a region where certkeep has nothing to do',
    certificate(', region: eu-central-1'),
    `${at}.region`,
    'is for hosts that are told by `push`',
    'Leave it out',
  ],
  [
    'an account where certkeep has nothing to do',
    certificate(', account: "222222222222", region: eu-central-1'),
    `${at}.account`,
    'is for hosts that are told by `push`',
    'Leave it out',
  ],
  [
    'an instance that is none',
    push(', instances: ["i-1; id"]'),
    `${at}.push.instances[0]`,
    'is no id of an instance',
    '',
  ],
];

test.each(rows)('%s', (...row) => expectRow(row));

test.each([
  ['that look by themselves', certificate('')],
  ['with a tag', push(tag)],
  [
    'of a document in another account',
    push(tag, 'arn:aws:ssm:us-east-1:123456789012:document/fetch'),
  ],
  ['with ids', push(', instances: [i-0123456789abcdef0, mi-0123456789abcdef0]')],
  [
    'in another account',
    certificate(`, push: {document: fetch${tag}}, account: "222222222222", region: eu-central-1`),
  ],
  ['with parameters', push(`${tag}, parameters: {directory: /etc/tls}`)],
])('nothing is said of hosts %s', (_, given) => {
  expect(problemsOf(configYaml(given))).toEqual([]);
});
