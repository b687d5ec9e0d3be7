import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { storedRecord } from '#shared/ledger/stored-parts.ts';
import type { Person } from './person.ts';

const bucket = 'certkeep-000000000000-us-east-1';

/** What a person wants to know, and how the aws command line is asked for it. */
export type Questions = {
  record(id: string): Promise<CertificateRecord>;
  /** Of the home place. */
  certificateArn(id: string): Promise<string>;
  listenerArn(balancer: string): Promise<string>;
  /** ARNs, the default first and the others sorted. */
  listenerCertificates(balancer: string): Promise<readonly string[]>;
  zoneId(domain: string): Promise<string>;
  txtValues(domain: string, name: string): Promise<readonly string[]>;
};

export function questions({ type, read }: Pick<Person, 'type' | 'read'>): Questions {
  const word = async (command: string) => (await type(`${command} --output text`)).trim();

  async function record(id: string) {
    const folder = `s3://${bucket}/records/`;
    const listed = await type(`aws s3 ls --recursive ${folder}`);
    const keys = listed.match(/records\/\S+/g)?.filter((key) => key.endsWith(`/${id}.json`)) ?? [];
    const bodies = new Map<string, Uint8Array>();
    for (const key of keys) {
      bodies.set(key, Buffer.from(JSON.stringify(await read(`aws s3 cp s3://${bucket}/${key} -`))));
    }
    const found = storedRecord((key) => bodies.get(key) ?? null, id);
    if (!found) throw new Error(`there is no record of ${id}`);
    return found;
  }

  async function listenerArn(balancer: string) {
    const alb = await word(
      `aws elbv2 describe-load-balancers --names ${balancer} --query 'LoadBalancers[0].LoadBalancerArn'`,
    );
    return word(
      `aws elbv2 describe-listeners --load-balancer-arn ${alb} --query 'Listeners[0].ListenerArn'`,
    );
  }

  const zoneId = (domain: string) =>
    word(`aws route53 list-hosted-zones-by-name --dns-name ${domain} --query 'HostedZones[0].Id'`);

  return {
    record,
    listenerArn,
    zoneId,
    async certificateArn(id) {
      const [held] = Object.values((await record(id)).imports);
      return held?.arn ?? '';
    },
    async listenerCertificates(balancer) {
      const of = `--listener-arn ${await listenerArn(balancer)}`;
      const { Certificates } = await read<{ Certificates: readonly ListenerCertificate[] }>(
        `aws elbv2 describe-listener-certificates ${of}`,
      );
      const arns = (isDefault: boolean) =>
        Certificates.filter(({ IsDefault }) => IsDefault === isDefault)
          .map(({ CertificateArn }) => CertificateArn)
          .toSorted();
      return [...arns(true), ...arns(false)];
    },
    async txtValues(domain, name) {
      const of = `--hosted-zone-id ${await zoneId(domain)}`;
      const query = `--query "ResourceRecordSets[?Name=='${name}.'].ResourceRecords[].Value"`;
      return read(`aws route53 list-resource-record-sets ${of} ${query}`);
    },
  };
}

type ListenerCertificate = { readonly CertificateArn: string; readonly IsDefault: boolean };
