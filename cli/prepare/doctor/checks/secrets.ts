import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { awsSecretReader } from '#shared/adapters/secret-reader.ts';
import { heartbeatAddress } from '#shared/check/signs/heartbeat.ts';
import type { Config } from '#shared/config/config.ts';
import { errorName, isCertkeepError } from '#shared/errors.ts';
import { readExternalAccount } from '#shared/issuers/acme/external-account.ts';
import type { Secret } from '#shared/secret.ts';
import { readCredentials } from '#shared/solvers/credentials.ts';
import { solverSpecs } from '#shared/solvers/specs.ts';
import { shellWord } from '../../../text/shell-word.ts';
import { type Check, type Finding, ok, type Subject } from '../check.ts';

/** A secret of people that the file names, and what has to be in it. */
type Named = {
  readonly id: string;
  readonly purpose: string;
  /** The form, with `…` for each value. */
  readonly form: string;
  /** @throws CertkeepError that quotes nothing of the value */
  check(value: Secret): void;
};

/** Each secret that the file names is there and has its documented form. No value is printed. */
export const secrets: Check = {
  title: 'Secrets',
  rights: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'],
  questions: (subject) =>
    namedIn(subject.config).map((named) => {
      const { account, region } = standsIn(named, subject.config);
      return {
        about: `secret ${named.id}`,
        account,
        instead: `aws secretsmanager describe-secret --region ${region} --secret-id ${shellWord(named.id)}`,
        ask: async () => [await lookAt(named, { account, region }, subject)],
      };
    }),
};

function namedIn({ alerts, issuers, retired, solvers }: Config): readonly Named[] {
  const ofSolvers = [...solvers, ...retired.solvers].flatMap((solver): Named[] => {
    if (!('secret' in solver)) return [];
    const fields = Object.keys(credentialsOf(solver.type));
    const form = `{${fields.map((field) => `"${field}": "…"`).join(', ')}}`;
    const check = (value: Secret) => void readCredentials(solver.secret, value, fields);
    return [{ id: solver.secret, purpose: solver.type, form, check }];
  });
  const ofIssuers = Object.entries(issuers).flatMap(([name, issuer]) => [
    ...bound(issuer.externalAccountBinding, `the account at ${name}`),
    ...bound(issuer.rehearsal?.externalAccountBinding, `rehearsals for ${name}`),
  ]);
  const { heartbeat } = alerts;
  const ofAlerts: readonly Named[] = heartbeat
    ? [
        {
          id: heartbeat.secret,
          purpose: 'the sign of life',
          form: 'https://…',
          check: (value) => void heartbeatAddress(value),
        },
      ]
    : [];
  const all = [...ofSolvers, ...ofIssuers, ...ofAlerts];
  return [...new Map(all.map((each) => [`${each.id} ${each.form}`, each])).values()];
}

function bound(
  binding: Config['issuers'][string]['externalAccountBinding'],
  purpose: string,
): readonly Named[] {
  if (!binding) return [];
  const id = binding.secret;
  const check = (value: Secret) => void readExternalAccount(id, value);
  return [{ id, purpose, form: '{"kid": "…", "hmacKey": "…"}', check }];
}

function credentialsOf(type: keyof typeof solverSpecs): Readonly<Record<string, string>> {
  const spec = solverSpecs[type];
  return 'credentials' in spec ? spec.credentials : {};
}

/** In the home region, or where its ARN says. */
function standsIn({ id }: Named, { home }: Config) {
  const [prefix, , , region = '', account = ''] = id.split(':');
  return prefix === 'arn' ? { account, region } : home;
}

type At = { readonly account: string; readonly region: string };

async function lookAt(named: Named, at: At, subject: Subject): Promise<Finding> {
  const { id, purpose } = named;
  const { SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
  const options = subject.optionsIn(at);
  const standing = await stateOf(id, new SecretsManagerClient(options));
  if (standing === 'missing') return absent(named, at);
  if (standing === 'deleted') {
    return {
      mark: 'wrong',
      text: `secret ${id} (${purpose}) is marked for deletion`,
      command: `aws secretsmanager restore-secret --region ${at.region} --secret-id ${shellWord(id)}`,
    };
  }
  try {
    named.check(await awsSecretReader(() => options)(id));
    return ok(`secret ${id} (${purpose}) is there and has its form`);
  } catch (error) {
    // What could not be read is not known; what was read and is wrong has no cause.
    if (!isCertkeepError(error) || error.cause !== undefined) throw error;
    return {
      mark: 'wrong',
      text: `${error.message} (${purpose})`,
      say: `Write ${named.form} into a file, then:`,
      command: `aws secretsmanager put-secret-value --region ${at.region} --secret-id ${shellWord(id)} --secret-string file://secret.txt`,
    };
  }
}

async function stateOf(
  SecretId: string,
  client: SecretsManagerClient,
): Promise<'there' | 'missing' | 'deleted'> {
  const { DescribeSecretCommand } = await import('@aws-sdk/client-secrets-manager');
  try {
    const { DeletedDate } = await client.send(new DescribeSecretCommand({ SecretId }));
    return DeletedDate ? 'deleted' : 'there';
  } catch (error) {
    if (errorName(error) === 'ResourceNotFoundException') return 'missing';
    throw error;
  }
}

/** The value comes from a file, so that it does not stand in the history of a shell. */
function absent({ form, id, purpose }: Named, { region }: At): Finding {
  const name = id.startsWith('arn:') ? (id.split(':')[6] ?? id) : id;
  return {
    mark: 'wrong',
    text: `secret ${id} (${purpose}) does not exist in ${region}`,
    say: `Write ${form} into a file, then:`,
    command: `aws secretsmanager create-secret --region ${region} --name ${shellWord(name)} --secret-string file://secret.txt`,
  };
}
