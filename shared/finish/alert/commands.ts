import { namesOf } from '#shared/installation.ts';
import { partitionOf } from '#shared/region.ts';
import type { Status } from '#shared/status/status-schema.ts';
import type { Member } from './threads.ts';

/** What a person types next; `name` is the first name of the certificate. */
export type Situation = Pick<Status, 'installation'> & { readonly name: string | null };

/** The command that helps most with a condition; it can be pasted into a shell as it is. */
export function commandFor(
  { certificate, condition }: Member,
  { installation, name }: Situation,
): string {
  const { about, reason, type } = condition;
  const { name: of, account, region } = installation;
  const names = namesOf({ installation: of, home: { account, region } });
  const logs = (fn: Parameters<typeof names.logGroup>[0]) =>
    `aws logs tail ${names.logGroup(fn)} --since 1h --region ${region}`;
  switch (type) {
    case 'Issued':
    case 'Renewable':
    case 'Deployed':
      if (reason === 'EarlierArnUsed') {
        return `aws acm describe-certificate --region ${about?.split(':')[3] || region} --certificate-arn ${about} --query Certificate.InUseBy`;
      }
      return certificate === null
        ? logs('check')
        : `echo '{"certificates":["${certificate}"],"retry":true,"reason":"..."}' | aws lambda invoke --function-name ${names.function('check')}:retry --region ${region} --payload fileb:///dev/stdin answer.json`;
    case 'Stored':
      return `aws secretsmanager restore-secret --secret-id ${names.certificateSecret(certificate ?? '')} --region ${region}`;
    case 'Served':
      return `openssl s_client -connect ${name ?? about}:${portOf(about)} -servername ${name ?? about} </dev/null 2>/dev/null | openssl x509 -noout -serial -dates`;
    case 'Copied':
      return logs('sync');
    case 'Configured':
      return 'npx cdk deploy --all';
    case 'Unchallenged':
      return logs('issue');
    case 'Verifying':
      return logs('verify');
    case 'Delivering':
    case 'Permitted':
      return logs('deploy');
    case 'Checking':
      return logs('check');
    case 'Alerting':
      return logs('alert');
    case 'Watched':
      return `aws sns list-subscriptions-by-topic --region ${region} --topic-arn arn:${partitionOf(region)}:sns:${region}:${account}:${about ?? names.topic}`;
  }
}

/** `web:443 (eu-central-1)` says 443. */
function portOf(about: string | null): string {
  return /:(\d+)\b/.exec(about ?? '')?.[1] ?? '443';
}
