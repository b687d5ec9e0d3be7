import type { AwsCommand } from '#cloud/kit/aws-command.ts';
import { type CertificateWish, makeCertificate } from '#cloud/kit/certificates.ts';

/** The arguments of ImportCertificate, in files as a person has them. */
export async function importArguments(
  aws: AwsCommand,
  name: string,
  wish: CertificateWish,
): Promise<readonly string[]> {
  const made = await makeCertificate({ ...wish, now: new Date() });
  const bytes = async (file: string, content: string) =>
    `fileb://${await aws.file(`${name}-${file}.pem`, content)}`;
  return [
    '--certificate',
    await bytes('certificate', made.certificatePem),
    '--private-key',
    await bytes('key', made.keyPem),
    '--certificate-chain',
    await bytes('chain', made.chainPem),
  ];
}

/** The ARN of a certificate that was imported for a load balancer. */
export async function imported(aws: AwsCommand, name: string, wish: CertificateWish) {
  const args = await importArguments(aws, name, wish);
  const { CertificateArn } = await aws.run('acm', 'ImportCertificate', ...args);
  return CertificateArn as string;
}
