import { expect, test } from 'vitest';
import { foreignKeyFix } from '#shared/config-file/advice/foreign-keys.ts';
import { documentSchema } from '#shared/config-file/schema.ts';
import { issuerYaml, letsencrypt, problemOf, shopWith } from '#test/support/mistakes.ts';

test.each([
  ['renewHook: x', 'Commands are not run'],
  ['post_hook: x', 'Commands are not run'],
  ['reloadcmd: nginx -s reload', '"npx certkeep export --reload"'],
  ['must-staple: true', 'must-staple'],
  ['ocspMustStaple: true', 'must-staple'],
  ['ipAddresses: [192.0.2.1]', 'DNS names only'],
  ['ipSans: [192.0.2.1]', 'DNS names only'],
  ['uris: [spiffe://x]', 'DNS names only'],
  ['usages: [client auth]', 'no longer issue them for clients'],
  ['extendedKeyUsage: [clientAuth]', 'certificates are for servers'],
  ['exportKey: true', '"npx certkeep export"'],
  ['keystores: {pkcs12: {create: true}}', 'PKCS #12'],
  ['additionalOutputFormats: [{type: DER}]', '"npx certkeep export"'],
  ['subject: {organizations: [x]}', 'leave it out'],
  ['isCA: true', 'certificates are for servers'],
  ['secretTemplate: {}', 'of Kubernetes'],
  ['schedule: rate(7 days)', 'every ten minutes'],
])('at a certificate, %s is told what stands for it', (line, fix) => {
  const problem = problemOf(shopWith(line));
  expect(problem.message).toBe('is not a key known here');
  expect(problem.fix).toContain(fix);
});

test.each([
  ['layers: ["arn:aws:lambda:us-east-1:123456789012:layer:openssl:1"]', 'no layers'],
  ['schedule: cron(0 0 * * ? *)', '"maintenance:"'],
])('at the margin, %s is told what stands for it', (line, fix) => {
  expect(problemOf({ retired: line }).fix).toContain(fix);
});

test.each([
  ['accessKeyID: AKIAIOSFODNN7EXAMPLE', '"roleArn:"'],
  ['secretAccessKeySecretRef: {name: x}', '"roleArn:"'],
  ['aws_access_key_id: x', '"roleArn:"'],
  ['propagationTimeout: 300', 'asks the servers of the zone'],
])('at a solver, %s is told what stands for it', (field, fix) => {
  const problem = problemOf({ solvers: `solvers: [{type: route53, ${field}}]` });
  expect(problem.fix).toContain(fix);
  expect(problem.excerpt?.text).not.toContain('AKIAIOSFODNN7EXAMPLE');
});

test.each([
  ['accountKey: x', 'keeps the key of the account itself'],
  ['skipTLSVerify: true', '"caBundle:"'],
])('at an issuer, %s is told what stands for it', (field, fix) => {
  const problem = problemOf({ issuers: issuerYaml(`${letsencrypt}, ${field}`) });
  expect(problem.fix).toContain(fix);
});

test('no key of the file is taken for one of another program', () => {
  const { certificates } = documentSchema.shape;
  const own = Object.keys(certificates.valueType.shape);
  expect(own).toContain('renewBefore');
  expect(own.filter((key) => foreignKeyFix('certificates.*', key) !== null)).toEqual([]);
});
