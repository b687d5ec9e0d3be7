import { test } from 'vitest';
import { expectRow, issuerYaml, letsencrypt, type Row } from '#test/support/mistakes.ts';

const rows: readonly Row[] = [
  [
    'a CA as the type',
    {
      issuers: issuerYaml('type: letsencrypt, directory: letsencrypt, termsOfServiceAgreed: true'),
    },
    'issuers.letsencrypt.type',
    'is not acme',
    'Write "type: acme" and "directory: letsencrypt".',
  ],
  [
    'an unknown type',
    { issuers: issuerYaml('type: vault, directory: letsencrypt, termsOfServiceAgreed: true') },
    'issuers.letsencrypt.type',
    'is not acme',
    'every issuer speaks ACME',
  ],
  [
    'no terms',
    { issuers: issuerYaml('type: acme, directory: letsencrypt') },
    'issuers.letsencrypt.termsOfServiceAgreed',
    'is missing',
    '(https://letsencrypt.org/repository/); if you agree, write "termsOfServiceAgreed: true"',
  ],
  [
    'terms of a CA that is not known',
    {
      issuers: issuerYaml(
        'type: acme, directory: https://ca.example.com/directory, termsOfServiceAgreed: no',
      ),
    },
    'issuers.letsencrypt.termsOfServiceAgreed',
    'must be true',
    'Read the terms of the CA; if',
  ],
  [
    'a mistyped CA',
    { issuers: issuerYaml('type: acme, directory: lets-encrypt, termsOfServiceAgreed: true') },
    'issuers.letsencrypt.directory',
    'neither',
    'Did you mean "letsencrypt"?',
  ],
  [
    'a host alone',
    {
      issuers: issuerYaml(
        'type: acme, directory: acme-v02.api.letsencrypt.org, termsOfServiceAgreed: true',
      ),
    },
    'issuers.letsencrypt.directory',
    'neither',
    'Did you mean "letsencrypt"?',
  ],
  [
    'no TLS',
    {
      issuers: issuerYaml(
        'type: acme, directory: "http://ca.example.com/directory", termsOfServiceAgreed: true',
      ),
    },
    'issuers.letsencrypt.directory',
    'neither',
    'Write "https://"',
  ],
  [
    'a known host without its path',
    {
      issuers: issuerYaml(
        'type: acme, directory: "https://acme-v02.api.letsencrypt.org", termsOfServiceAgreed: true',
      ),
    },
    'issuers.letsencrypt.directory',
    "is the host of Let's Encrypt without the path",
    'Write "directory: letsencrypt", or https://acme-v02.api.letsencrypt.org/directory.',
  ],
  [
    'a bare contact',
    { issuers: issuerYaml(`${letsencrypt}, contact: [ops@corp.test]`) },
    'issuers.letsencrypt.contact[0]',
    'is not a mailto: address',
    'Write "mailto:ops@corp.test".',
  ],
  [
    'a contact that is no list',
    { issuers: issuerYaml(`${letsencrypt}, contact: "mailto:a@corp.net"`) },
    'issuers.letsencrypt.contact',
    'not a list',
    '"contact: [mailto:a@corp.net]"',
  ],
  [
    'a reserved contact',
    { issuers: issuerYaml(`${letsencrypt}, contact: ["mailto:ops@example.com"]`) },
    'issuers.letsencrypt.contact[0]',
    "reserved domain, which nobody has: Let's Encrypt refuses the account",
    'Write an address of yours, or leave "contact:" out.',
  ],
  [
    'a contact at a top-level domain',
    { issuers: issuerYaml(`${letsencrypt}, contact: ["mailto:ops@localdomain"]`) },
    'issuers.letsencrypt.contact[0]',
    'at a top-level domain',
    'an address of yours',
  ],
];

test.each(rows)('%s', (...row) => expectRow(row));
