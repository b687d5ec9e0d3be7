import { createHash } from 'node:crypto';
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
import { errorMessage, errorName } from '#shared/errors.ts';
import { certificateSecret } from '#shared/installation.ts';
import { placeKey } from '#shared/place.ts';
import { addMs, minuteMs, secondMs } from '#shared/time/clock.ts';
import { type Builder, type FilesTarget, filesKey, localPlace } from './builder.ts';
import { othersMaterial } from './certificates.ts';
import { fileServer, type HostServer, memoryServer, type Pair } from './host-server.ts';
import { installedNginx } from './nginx.ts';

type Push = NonNullable<FilesTarget['push']>;

/** How often the timer of a host looks; in a play, where nobody waits for minutes, more often. */
const timerMs = 10 * minuteMs;
const timerOfPlayMs = 5 * secondMs;

/**
 * A host that runs TLS itself, on this machine, with the certificate that it fetches from the secret: as its timer says, or
 * when a command of Run Command reaches it. At first it has one of somebody else.
 */
export async function createHost(
  builder: Builder,
  target: FilesTarget,
  certificate: CertificateConfig,
): Promise<void> {
  const { clock, machine, onStep } = builder;
  const { domains, id, key, names } = certificate;
  const { certificatePem, chainPem, keyPem } = await othersMaterial(builder, names, key);
  const first = { key: keyPem, cert: `${certificatePem}${chainPem}` };
  const secret = certificateSecret(builder.config.installation, id);
  let lookedAt = clock.now();
  // A private one is known inside of its network only.
  const isPrivate = target.probe.startsWith('private-');
  const host = `${isPrivate ? 'private-' : ''}host-${id}.${domains[0]}`;
  const { push } = target;

  async function fetchInTime(): Promise<void> {
    const now = clock.now();
    if (addMs(lookedAt, machine ? timerOfPlayMs : timerMs) > now) return;
    lookedAt = now;
    // It keeps what it has, as the script does.
    await fetch().catch((error) => onStep(`${host}: ${errorMessage(error)}`));
  }

  async function fetch(version?: string): Promise<void> {
    const pair = await pairIn(builder, secret, version);
    if (pair) await server.take(pair);
  }

  const isTold = push !== undefined;
  const server: HostServer =
    isTold && machine
      ? await fileServer({ name: host, machine, nginx: await installedNginx(), onStep }, first)
      : await memoryServer(first, isTold ? undefined : fetchInTime);
  if (isPrivate) builder.cloud.privateHosts.set(host, ['127.0.0.1']);
  else await putAddress(builder, host);
  if (push) {
    await createDocument(builder, target);
    for (const node of nodesOf(push, host)) addWork(builder, target, { node, secret, work: fetch });
  }
  builder.listeners.set(filesKey(builder, target, id), {
    probe: `${host}:${server.port}`,
    ...(target.account && { account: localPlace(builder, target).account }),
  });
}

/** The certificate in a secret; null where it has none yet. */
async function pairIn(
  { cloud, config: { home } }: Builder,
  SecretId: string,
  VersionId: string | undefined,
): Promise<Pair | null> {
  const client = new SecretsManagerClient(operatorClient(cloud, home.region, homeAccount));
  const command = new GetSecretValueCommand({ SecretId, ...(VersionId && { VersionId }) });
  const secret = await client.send(command).catch((error) => {
    if (errorName(error) === 'ResourceNotFoundException') return null;
    throw error;
  });
  const { certificate, chain, key } = JSON.parse(secret?.SecretString ?? '{}');
  return key ? { key, cert: `${certificate}${chain}` } : null;
}

/** The hosts by their ids, or one that has the tag. */
function nodesOf({ instances }: Push, host: string): readonly string[] {
  const digits = createHash('sha256').update(host).digest('hex').slice(0, 17);
  return instances ?? [`i-${digits}`];
}

/** A node may fetch several certificates: a command says which. */
function addWork(
  builder: Builder,
  target: FilesTarget,
  given: {
    readonly node: string;
    readonly secret: string;
    readonly work: (version: string | undefined) => Promise<void>;
  },
): void {
  const place = localPlace(builder, target);
  const key = `${placeKey(place)} ${given.node}`;
  const works = builder.nodes.get(key) ?? new Map();
  builder.nodes.set(key, works.set(given.secret, given.work));
  const { tag } = target.push ?? {};
  builder.cloud.ssm.addHost({
    ...place,
    id: given.node,
    tags: tag ? { [tag.key]: tag.values[0] ?? '' } : {},
    isOnline: () => true,
    async run({ parameters: { secret = '', version } }) {
      const work = works.get(secret);
      if (!work) throw new Error(`${given.node} does not serve ${secret}`);
      await work(version);
    },
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
