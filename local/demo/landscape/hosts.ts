import type { AddressInfo } from 'node:net';
import { createSecureContext, createServer, type SecureContext } from 'node:tls';
import {
  ChangeResourceRecordSetsCommand,
  ListHostedZonesCommand,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CreateDocumentCommand, SSMClient } from '@aws-sdk/client-ssm';
import { operatorClient } from 'local-cloud/operator.ts';
import { homeAccount } from 'local-cloud/wire/accounts.ts';
import type { CertificateConfig } from '#shared/config/config.ts';
import { errorName } from '#shared/errors.ts';
import { certificateSecret } from '#shared/installation.ts';
import { addMs, minuteMs } from '#shared/time/clock.ts';
import { type Builder, type FilesTarget, filesKey, localPlace } from './builder.ts';

/** How often the timer of a host looks. */
const timerMs = 10 * minuteMs;

/**
 * A host that runs TLS itself, on this machine, with the certificate that it fetches from the secret: as its timer says, or
 * when a command of Run Command reaches it. It has nothing at first.
 */
export async function createHost(
  builder: Builder,
  target: FilesTarget,
  { domains, id }: CertificateConfig,
): Promise<void> {
  const { cloud, clock, config } = builder;
  const { home, installation } = config;
  const secrets = new SecretsManagerClient(operatorClient(cloud, home.region, homeAccount));
  let context: SecureContext | undefined;
  let lookedAt: Date | null = null;

  async function fetch(version?: string): Promise<void> {
    const SecretId = certificateSecret(installation, id);
    const { SecretString = '{}' } = await secrets.send(
      new GetSecretValueCommand({ SecretId, VersionId: version }),
    );
    const { certificate, chain, key } = JSON.parse(SecretString);
    if (key) context = createSecureContext({ key, cert: `${certificate}${chain}` });
  }

  async function fetchInTime(): Promise<void> {
    const now = clock.now();
    if (target.push || (lookedAt && addMs(lookedAt, timerMs) > now)) return;
    lookedAt = now;
    await fetch().catch((error) => {
      if (errorName(error) !== 'ResourceNotFoundException') throw error;
    });
  }

  const server = createServer({
    SNICallback: (_, answer) => {
      fetchInTime().then(() => answer(null, context), answer);
    },
  });
  server.on('tlsClientError', () => undefined);
  server.unref();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `host-${id}.${domains[0]}`;
  await putAddress(builder, host);
  const place = localPlace(builder, target);
  const { push } = target;
  if (push) {
    await createDocument(builder, target);
    const tags = push.tag ? { [push.tag.key]: push.tag.values[0] ?? '' } : {};
    for (const name of push.instances ?? [
      `i-0${filesKey(builder, target).length}`.padEnd(19, '0'),
    ]) {
      cloud.ssm.addHost({
        ...place,
        id: name,
        tags,
        isOnline: () => true,
        run: ({ version }) => fetch(version),
      });
    }
  }
  builder.listeners.set(filesKey(builder, target), {
    probe: `${host}:${(server.address() as AddressInfo).port}`,
    ...(push && { push: { ...push, ...(push.account && { account: place.account }) } }),
  });
}

async function putAddress({ cloud, config }: Builder, name: string): Promise<void> {
  const route53 = new Route53Client(operatorClient(cloud, config.home.region));
  const { HostedZones = [] } = await route53.send(new ListHostedZonesCommand({}));
  const zone = HostedZones.find((each) => `${name}.`.endsWith(`.${each.Name}`));
  if (!zone) throw new Error(`local: there is no public zone for ${name}`);
  const set = {
    Name: name,
    Type: 'A' as const,
    TTL: 60,
    ResourceRecords: [{ Value: '127.0.0.1' }],
  };
  const Changes = [{ Action: 'UPSERT' as const, ResourceRecordSet: set }];
  await route53.send(
    new ChangeResourceRecordSetsCommand({ HostedZoneId: zone.Id, ChangeBatch: { Changes } }),
  );
}

/** A document has one name in an account and region, whoever uses it. */
async function createDocument(builder: Builder, target: FilesTarget): Promise<void> {
  const { account, region } = localPlace(builder, target);
  const ssm = new SSMClient(operatorClient(builder.cloud, region, account));
  const { document = '', parameters = {} } = target.push ?? {};
  const names = ['secret', 'version', 'region', ...Object.keys(parameters)];
  const content = {
    schemaVersion: '2.2',
    parameters: Object.fromEntries(names.map((name) => [name, { type: 'String' }])),
    mainSteps: [],
  };
  const Name = document.replace(/^.*document\//, '');
  try {
    await ssm.send(
      new CreateDocumentCommand({
        ...{ Name, DocumentType: 'Command', DocumentFormat: 'JSON' },
        Content: JSON.stringify(content),
      }),
    );
  } catch (error) {
    if (errorName(error) !== 'DocumentAlreadyExists') throw error;
  }
}
