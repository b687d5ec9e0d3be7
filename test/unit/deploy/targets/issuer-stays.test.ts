import { expect, test } from 'vitest';
import { checkIssuer } from '#shared/deploy/rebind/checks/issuer.ts';
import type { Version } from '#shared/ledger/record/record.ts';
import { healthy, versionOf } from '#test/support/healthy.ts';

const origin = (directory: string) => ({
  directory: `https://${directory}/directory`,
  account: `https://${directory}/acct/1`,
  profile: null,
  staging: false,
});

const before = versionOf({ id: 'before', issuer: 'one', origin: origin('one.example') });
const ofBefore: Partial<Version> = { issuer: 'one', origin: origin('one.example') };
const ofAnother: Partial<Version> = { issuer: 'other', origin: origin('other.example') };

/** A renewal over what is there, at a domain name with mutual TLS, unless something else is said. */
function follows({
  next = ofAnother,
  known = before,
  previousId = 'before' as string | null,
  isImportedOver = true,
  hasMutualTls = true,
}) {
  const view = { name: 'api.example.com', ...(hasMutualTls && { keepsIssuer: true as const }) };
  const version = versionOf({ id: 'next', ...next });
  const record = healthy({ versions: [known, version] });
  return () => checkIssuer(record, { view, version, previousId, isImportedOver });
}

const refusal = /^api\.example\.com has mutual TLS and a certificate from .+ may not follow it$/;

test.each<[string, Parameters<typeof follows>[0]]>([
  ['of another issuer', {}],
  ['of another issuer, bound as another ARN', { isImportedOver: false }],
  ['of the same name with another directory', { next: { ...ofAnother, issuer: 'one' } }],
  [
    'of another name, where no directory is known',
    { known: versionOf({ id: 'before', issuer: 'one' }), next: { issuer: 'other' } },
  ],
  ['over a certificate of somebody else', { previousId: null }],
  ['over a version that the record has forgotten', { previousId: 'forgotten' }],
])('where the issuer must stay, a certificate %s may not follow', (_, given) => {
  const check = follows(given);
  expect(check).toThrow(refusal);
  expect(check).toThrow(expect.objectContaining({ name: 'IssuerWouldChange' }));
});

test.each<[string, Parameters<typeof follows>[0]]>([
  ['of the same directory', { next: ofBefore }],
  ['of the same directory by another name', { next: { ...ofBefore, issuer: 'renamed' } }],
  [
    'of the same name, where no directory is known',
    { known: versionOf({ id: 'before', issuer: 'one' }), next: { issuer: 'one' } },
  ],
  [
    'beside that of somebody else, which API Gateway compares',
    { previousId: null, isImportedOver: false },
  ],
  ['of another issuer, without mutual TLS', { hasMutualTls: false }],
])('a certificate %s may follow', (_, given) => {
  expect(follows(given)).not.toThrow();
});
