import { expect } from 'vitest';
import type { AwsCommand } from '#cloud/kit/aws-command.ts';
import { makeCertificate } from '#cloud/kit/certificates.ts';

const rights = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
};

/** The role that the visited cloud has. */
export const visitedInIam = {
  arn: 'arn:aws:iam::000000000000:role/visited',
  trust: { Version: '2012-10-17', Statement: [] },
  inline: new Map([['rights', rights]]),
  attached: [],
};

async function visitServerCertificates(aws: AwsCommand): Promise<void> {
  const { certificatePem, chainPem, keyPem } = await makeCertificate({ now: new Date() });
  const file = async (name: string, content: string) =>
    `file://${await aws.file(`server-${name}.pem`, content)}`;
  const of = ['--server-certificate-name', 'visited'];
  const run = (operation: string, ...args: readonly string[]) =>
    aws.run('iam', operation, ...of, ...args);
  await run(
    'UploadServerCertificate',
    ...['--certificate-body', await file('certificate', certificatePem)],
    ...['--private-key', await file('key', keyPem)],
    ...['--certificate-chain', await file('chain', chainPem)],
  );
  const { ServerCertificate } = await run('GetServerCertificate');
  expect(ServerCertificate.CertificateBody.trim()).toBe(certificatePem.trim());
  expect(await aws.run('iam', 'ListServerCertificates')).toMatchObject({
    ServerCertificateMetadataList: [{ ServerCertificateName: 'visited' }],
  });
  await run('DeleteServerCertificate');
}

export async function visitIam(aws: AwsCommand): Promise<void> {
  const of = ['--role-name', 'visited'];
  const run = (operation: string, ...args: readonly string[]) =>
    aws.run('iam', operation, ...of, ...args);
  const { Role } = await run('GetRole');
  expect(Role).toMatchObject({
    Arn: visitedInIam.arn,
    AssumeRolePolicyDocument: visitedInIam.trust,
  });
  expect(await run('ListRolePolicies')).toMatchObject({ PolicyNames: ['rights'] });
  const { PolicyDocument } = await run('GetRolePolicy', '--policy-name', 'rights');
  expect(PolicyDocument).toEqual(rights);
  expect(await run('ListAttachedRolePolicies')).toMatchObject({ AttachedPolicies: [] });
  const asked = ['--action-names', 's3:GetObject', '--resource-arns', 'arn:aws:s3:::a/b'];
  const may = ['--policy-source-arn', visitedInIam.arn, ...asked];
  expect(await aws.run('iam', 'SimulatePrincipalPolicy', ...may)).toMatchObject({
    EvaluationResults: [{ EvalActionName: 's3:GetObject', EvalDecision: 'allowed' }],
  });
  await visitServerCertificates(aws);
}
