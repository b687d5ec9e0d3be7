import type { ErrorName } from '#shared/errors.ts';
import { namesOf } from '#shared/installation.ts';
import { partitionOf } from '#shared/region.ts';
import type { Status } from '#shared/status/status-schema.ts';
import { logCommand } from '#shared/text/log-command.ts';
import { caaCommands } from './caa-commands.ts';
import type { Member } from './threads.ts';

/** The facts for a command; `name` is the first name of the certificate, where it is known. */
export type Situation = Pick<Status, 'installation'> & {
  readonly name: string | null;
  /** All certificates with that trouble; the one of the condition unless given. */
  readonly certificates?: readonly string[];
};

/** More would make a command that no shell takes. */
const mostNamed = 100;

/** The configuration is wrong, and is changed and deployed. */
const inConfiguration: readonly string[] = [
  'ListenerNotFound',
  'ProfileUnavailable',
] satisfies readonly ErrorName[];

/**
 * Returns the command that helps most with a condition. People paste it into a shell: what others can write is in it only
 * where it has no meaning there.
 */
export function commandFor(
  { certificate: id, condition }: Pick<Member, 'certificate' | 'condition'>,
  { certificates = [], installation, name }: Situation,
): string {
  const { about, message, reason, type } = condition;
  const { name: of, account, region } = installation;
  const names = namesOf({ installation: of, home: { account, region } });
  const certificate = id === null ? null : plain(id, 'CERTIFICATE');
  const logs = (fn: Parameters<typeof names.logGroup>[0]) => logCommand(names.logGroup(fn), region);
  const concerned = [...new Set([...(id === null ? [] : [id]), ...certificates])];
  const ask = (wish: 'retry' | 'force') => {
    const ids = concerned
      .slice(0, mostNamed)
      .toSorted()
      .map((each) => plain(each, 'CERTIFICATE'));
    const payload = {
      certificates: ids,
      [wish]: true,
      reason: `after ${plain(reason, 'trouble')}`,
    };
    return `echo '${JSON.stringify(payload)}' | aws lambda invoke --function-name ${names.function('check')}:${wish} --region ${region} --payload fileb:///dev/stdin answer.json`;
  };
  if (inConfiguration.includes(reason)) return 'npx cdk deploy --all';
  switch (type) {
    case 'Issued':
    case 'Renewable':
    case 'Deployed':
      if (reason === 'EarlierArnUsed') return usersOf(plain(about, 'ARN'), region);
      if (certificate === null) return logs('check');
      // The key may be known to others; or no earlier version can be served.
      if (reason === 'Revoked' || reason === 'VersionNotUsable') return ask('force');
      if (reason === 'CaaForbids') return [...caaCommands(message), ask('retry')].join(' && ');
      return ask('retry');
    case 'Stored': {
      const secret = names.certificateSecret(certificate ?? 'CERTIFICATE');
      const verb = reason === 'SecretMarkedForDeletion' ? 'restore-secret' : 'describe-secret';
      return `aws secretsmanager ${verb} --secret-id ${secret} --region ${region}`;
    }
    case 'Served': {
      const host = hostOf(name);
      return `openssl s_client -connect ${host}:${portOf(about)} -servername ${host} </dev/null 2>/dev/null | openssl x509 -noout -serial -dates`;
    }
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
    case 'Watched': {
      if (reason === 'SignOfLifeFailed') return logs('check');
      if (reason === 'TopicRefuses') {
        const arn = plain(about, 'TOPIC');
        return `aws sns get-topic-attributes --region ${arn.split(':')[3] ?? region} --topic-arn ${arn} --query 'Attributes.[Policy,KmsMasterKeyId]'`;
      }
      if (reason !== 'NobodyConfirmed' && reason !== 'TopicClosed')
        return `aws cloudwatch describe-alarms --alarm-name-prefix ${names.alarm('')} --region ${region}`;
      // A topic of another region: `certkeep-watch in eu-west-1`.
      const [name = null, there = region] = (about ?? '').split(' in ');
      const [topic, where] = [plain(name, names.topic), plain(there, region)];
      const verb =
        reason === 'TopicClosed' ? 'get-topic-attributes' : 'list-subscriptions-by-topic';
      return `aws sns ${verb} --region ${where} --topic-arn arn:${partitionOf(where)}:sns:${where}:${account}:${topic}`;
    }
    case 'Discovered':
      return `npx certkeep approve --installation ${of} --region ${region} --account ${account}`;
    case 'Alerting':
      return logs('alert');
  }
}

function usersOf(arn: string, home: string): string {
  const region = arn.split(':')[3] || home;
  return `aws acm describe-certificate --region ${region} --certificate-arn ${arn} --query Certificate.InUseBy`;
}

/** Any host that the certificate is for: a wildcard covers one label more (RFC 9525 §6.3). */
function hostOf(name: string | null): string {
  return plain(name?.replace(/^\*\./, 'www.') ?? null, 'HOST');
}

/** Returns the text where a shell takes it as it is, and the placeholder otherwise. */
function plain(text: string | null, placeholder: string): string {
  return text !== null && /^[\w:/.@-]+$/.test(text) && !text.startsWith('-') ? text : placeholder;
}

/** `web:443 (eu-central-1)` says 443. */
function portOf(about: string | null): string {
  return /:(\d+)\b/.exec(about ?? '')?.[1] ?? '443';
}
