import {
  ACMClient,
  DeleteCertificateCommand,
  DescribeCertificateCommand,
  ImportCertificateCommand,
  ListTagsForCertificateCommand,
  paginateListCertificates,
} from '@aws-sdk/client-acm';
import {
  EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
} from '@aws-sdk/client-eventbridge';
import {
  GetAccountSettingsCommand,
  InvokeCommand,
  LambdaClient,
  paginateListFunctions,
} from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { paginateListSubscriptionsByTopic, SNSClient } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { s3ObjectStore } from '#shared/adapters/s3-object-store.ts';
import type { ClientOptions } from '#shared/aws/clients.ts';
import { loadConfig } from '#shared/config/deployed.ts';
import { errorName } from '#shared/errors.ts';
import { functionName } from '#shared/installation.ts';
import { partitionOf } from '#shared/region.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { Account, Installed } from './account.ts';
import { listenerCalls } from './listener-client.ts';
import { patient } from './patient.ts';

type ClientParts = {
  readonly account: string;
  readonly region: string;
  /** Options for a client of that region. */
  readonly clients: (region: string) => ClientOptions;
  readonly clock: Clock;
};

/** The account through the SDK. */
export function awsAccount(parts: ClientParts): Account {
  const options = parts.clients(parts.region);
  const calls: Account = {
    ...identityCalls(parts),
    ...functionCalls(parts),
    ...listenerCalls(options),
    ...certificateCalls(new ACMClient(options)),
    ...messageCalls(parts),
    ...copyCalls(parts),
  };
  return patient(calls, parts.clock);
}

function identityCalls({ clients, region }: ClientParts) {
  const sts = new STSClient(clients(region));
  return {
    async identity() {
      const { Account: account = '', Arn: arn = '' } = await sts.send(
        new GetCallerIdentityCommand(),
      );
      return { account, arn };
    },
  };
}

function functionCalls({ account, clients, region, clock }: ClientParts) {
  const options = clients(region);
  // A run of check may take as long as the function allows, so it is invoked once.
  const lambda = new LambdaClient({ ...options, maxAttempts: 1 });
  return {
    async concurrency() {
      const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand());
      return AccountLimit?.ConcurrentExecutions ?? 0;
    },
    async installed(installation: string): Promise<Installed> {
      const functions: string[] = [];
      let variables: Readonly<Record<string, string>> = {};
      for await (const { Functions = [] } of paginateListFunctions({ client: lambda }, {})) {
        for (const { FunctionName = '', Environment } of Functions) {
          functions.push(FunctionName);
          if (FunctionName === functionName(installation, 'deploy'))
            variables = Environment?.Variables ?? {};
        }
      }
      const { CERTKEEP_CONFIG_BUCKET: bucket, CERTKEEP_CONFIG_KEY: key } = variables;
      if (!bucket || !key) return { functions, config: null };
      const objects = s3ObjectStore({
        client: new S3Client(options),
        bucket,
        owner: account,
        clock,
      });
      const sha256 = variables.CERTKEEP_CONFIG_SHA256 ?? '';
      return { functions, config: await loadConfig(objects, { key, sha256 }) };
    },
    async invoke(FunctionName: string, event: unknown) {
      const Payload = Buffer.from(JSON.stringify(event));
      const answer = await lambda.send(new InvokeCommand({ FunctionName, Payload }));
      const text = Buffer.from(answer.Payload ?? []).toString() || 'null';
      if (!answer.FunctionError) return JSON.parse(text);
      throw new Error(`${FunctionName} failed: ${text.slice(0, 500)}`);
    },
  };
}

function certificateCalls(acm: ACMClient) {
  async function tagsOf(CertificateArn: string) {
    const answer = acm.send(new ListTagsForCertificateCommand({ CertificateArn }));
    const { Tags = [] } = (await orNull(answer, /ResourceNotFound/)) ?? {};
    return Object.fromEntries(Tags.map(({ Key, Value }) => [Key ?? '', Value ?? '']));
  }

  return {
    async namesOf(CertificateArn: string) {
      // The other certificates are in IAM.
      if (!/^arn:[\w-]+:acm:/.test(CertificateArn)) return null;
      const answer = acm.send(new DescribeCertificateCommand({ CertificateArn }));
      const found = await orNull(answer, /ResourceNotFound/);
      return found?.Certificate?.SubjectAlternativeNames ?? null;
    },
    async importCertificate(
      { certificatePem, chainPem, keyPem }: Parameters<Account['importCertificate']>[0],
      tags: Readonly<Record<string, string>>,
    ) {
      const command = new ImportCertificateCommand({
        Certificate: Buffer.from(certificatePem),
        CertificateChain: Buffer.from(chainPem),
        PrivateKey: Buffer.from(keyPem.reveal()),
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      });
      const { CertificateArn } = await acm.send(command);
      if (CertificateArn) return CertificateArn;
      throw new Error('ACM answered an import without an ARN');
    },
    async taggedWith(tag: string, namePrefix: string) {
      const found: { arn: string; tags: Readonly<Record<string, string>> }[] = [];
      const Includes = { keyTypes: ['EC_prime256v1' as const] };
      const pages = paginateListCertificates({ client: acm, pageSize: 1_000 }, { Includes });
      for await (const { CertificateSummaryList = [] } of pages) {
        for (const { CertificateArn: arn, DomainName = '' } of CertificateSummaryList) {
          if (!arn || !DomainName.startsWith(namePrefix)) continue;
          const tags = await tagsOf(arn);
          if (tag in tags) found.push({ arn, tags });
        }
      }
      return found;
    },
    async deleteCertificate(CertificateArn: string) {
      const answer = acm.send(new DeleteCertificateCommand({ CertificateArn }));
      const deletion = orNull(answer, /ResourceNotFound/).then(() => 'deleted' as const);
      return (await orNull(deletion, /ResourceInUse/)) ?? 'in-use';
    },
  };
}

function messageCalls({ account, clients, region }: ClientParts) {
  const options = clients(region);
  const sqs = new SQSClient(options);
  const sns = new SNSClient(options);
  const events = new EventBridgeClient(options);
  return {
    async rules(EventBusName: string) {
      const answer = events.send(new ListRulesCommand({ EventBusName }));
      const found = await orNull(answer, /ResourceNotFound/);
      if (!found) return null;
      return Promise.all(
        (found.Rules ?? []).map(async ({ Name: name = '', State }) => {
          const command = new ListTargetsByRuleCommand({ EventBusName, Rule: name });
          const { Targets = [] } = await events.send(command);
          return { name, isEnabled: State === 'ENABLED', targets: Targets.length };
        }),
      );
    },
    async messagesIn(QueueName: string) {
      const found = await orNull(
        sqs.send(new GetQueueUrlCommand({ QueueName })),
        /QueueDoesNotExist/,
      );
      if (!found?.QueueUrl) return null;
      const names = [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
      ] as const;
      const command = new GetQueueAttributesCommand({
        QueueUrl: found.QueueUrl,
        AttributeNames: [...names],
      });
      const { Attributes = {} } = await sqs.send(command);
      return names.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
    },
    async subscriptions(topic: string) {
      const TopicArn = `arn:${partitionOf(region)}:sns:${region}:${account}:${topic}`;
      const found: { endpoint: string; isConfirmed: boolean }[] = [];
      try {
        for await (const page of paginateListSubscriptionsByTopic({ client: sns }, { TopicArn })) {
          for (const { Endpoint = '', SubscriptionArn = '' } of page.Subscriptions ?? []) {
            found.push({ endpoint: Endpoint, isConfirmed: SubscriptionArn.startsWith('arn:') });
          }
        }
      } catch (error) {
        if (/NotFound/.test(errorName(error))) return null;
        throw error;
      }
      return found;
    },
  };
}

function copyCalls({ account, clients, region, clock }: ClientParts) {
  const secrets = new SecretsManagerClient(clients(region));
  return {
    async replication(SecretId: string) {
      const answer = secrets.send(new DescribeSecretCommand({ SecretId }));
      const found = await orNull(answer, /ResourceNotFound/);
      if (!found) return null;
      const all = (found.ReplicationStatus ?? []).map(
        ({ Region = '', Status = 'unknown', StatusMessage }) => [
          Region,
          Status === 'InSync' || !StatusMessage ? Status : `${Status} (${StatusMessage})`,
        ],
      );
      return Object.fromEntries(all);
    },
    async objectIn(of: string, bucket: string, key: string) {
      const client = new S3Client(clients(of));
      const found = await s3ObjectStore({ client, bucket, owner: account, clock }).get(key);
      return found && Buffer.from(found.body).toString();
    },
  };
}

async function orNull<T>(answer: Promise<T>, missing: RegExp): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (missing.test(errorName(error))) return null;
    throw error;
  }
}
