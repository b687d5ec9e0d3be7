import {
  ACMClient,
  type KeyAlgorithm as AcmKeyAlgorithm,
  AddTagsToCertificateCommand,
  type CertificateDetail,
  type CertificateSummary,
  DeleteCertificateCommand,
  DescribeCertificateCommand,
  ImportCertificateCommand,
  ListCertificatesCommand,
  ListTagsForCertificateCommand,
} from '@aws-sdk/client-acm';
import type { ClientOptions } from '#shared/aws/clients.ts';
import type { Clock } from '#shared/clock.ts';
import { CertkeepError, errorMessage, errorName } from '#shared/errors.ts';
import type { KeyAlgorithm } from '#shared/key-algorithm.ts';
import {
  type CertificateManager,
  type HeldCertificate,
  type ImportRequest,
  type ImportResult,
  managedTag,
} from './acm.ts';
import { pacing } from './pacing.ts';
import { serialOf } from './serial.ts';

export type AcmClientPorts = {
  /** Of the region and account of one place. */
  readonly options: ClientOptions;
  readonly clock: Clock;
};

/** ListCertificates hides most key types unless all are named (API reference of ListCertificates). */
const allKeyTypes: AcmKeyAlgorithm[] = [
  'RSA_1024',
  'RSA_2048',
  'RSA_3072',
  'RSA_4096',
  'EC_prime256v1',
  'EC_secp384r1',
  'EC_secp521r1',
];

const keyAlgorithmOf: Readonly<Record<string, KeyAlgorithm>> = {
  RSA_2048: 'rsa-2048',
  RSA_3072: 'rsa-3072',
  RSA_4096: 'rsa-4096',
  EC_prime256v1: 'ecdsa-p256',
  EC_secp384r1: 'ecdsa-p384',
};

/** ACM through the SDK. One object per place and process, since it paces the imports. */
export function awsCertificateManager({ options, clock }: AcmClientPorts): CertificateManager {
  const client = new ACMClient(options);
  // The SDK would repeat an import whose answer was lost, and one refused by a quota.
  const once = new ACMClient({ ...options, maxAttempts: 1 });
  const paced = pacing(clock);

  async function describe(arn: string): Promise<HeldCertificate | null> {
    const command = new DescribeCertificateCommand({ CertificateArn: arn });
    const answer = await orNull(client.send(command));
    return answer?.Certificate ? heldCertificate(arn, answer.Certificate) : null;
  }

  async function tagsOf(arn: string): Promise<Readonly<Record<string, string>>> {
    const command = new ListTagsForCertificateCommand({ CertificateArn: arn });
    const answer = await orNull(client.send(command));
    return Object.fromEntries((answer?.Tags ?? []).map(({ Key, Value }) => [Key, Value ?? '']));
  }

  return {
    describe,
    async find({ serial, names, notAfter, installation, except }) {
      for await (const summary of summaries(client)) {
        const { CertificateArn: arn } = summary;
        if (!arn || arn === except || !resembles(summary, names, notAfter)) continue;
        const held = await describe(arn);
        if (held?.serial !== serial) continue;
        if ((await tagsOf(arn))[managedTag] === installation) return held;
      }
      return null;
    },
    import: (request) => paced(() => importOnce(once, request)),
    tagsOf,
    addTags: (arn, tags) => addTags(client, arn, tags),
    async delete(arn) {
      try {
        await orNull(client.send(new DeleteCertificateCommand({ CertificateArn: arn })));
        return 'deleted';
      } catch (error) {
        const name = errorName(error);
        if (name === 'ResourceInUseException') return 'in-use';
        // What is gone, by a try whose answer was lost, has no tags that the role could be allowed by.
        if (name === 'AccessDeniedException' && !(await describe(arn))) return 'deleted';
        throw error;
      }
    },
  };
}

async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (errorName(error) === 'ResourceNotFoundException') return null;
    throw error;
  }
}

function heldCertificate(arn: string, detail: CertificateDetail): HeldCertificate {
  // ACM prints `RSA-2048` where its model says `RSA_2048`.
  const algorithm = (detail.KeyAlgorithm ?? '').replace('-', '_');
  return {
    arn,
    serial: detail.Serial ? serialOf(detail.Serial) : null,
    names: detail.SubjectAlternativeNames ?? (detail.DomainName ? [detail.DomainName] : []),
    keyAlgorithm: keyAlgorithmOf[algorithm] ?? null,
    notBefore: detail.NotBefore ?? null,
    notAfter: detail.NotAfter ?? null,
    imported: detail.Type === 'IMPORTED',
    inUseBy: detail.InUseBy ?? [],
  };
}

async function* summaries(client: ACMClient): AsyncGenerator<CertificateSummary> {
  let next: string | undefined;
  do {
    const page = await client.send(
      new ListCertificatesCommand({
        Includes: { keyTypes: allKeyTypes },
        MaxItems: 1_000,
        ...(next ? { NextToken: next } : {}),
      }),
    );
    yield* page.CertificateSummaryList ?? [];
    next = page.NextToken;
  } while (next);
}

/** A summary has no serial; its end and its names leave few to describe. */
function resembles(summary: CertificateSummary, names: readonly string[], notAfter: Date): boolean {
  const listed = [summary.DomainName, ...(summary.SubjectAlternativeNameSummaries ?? [])];
  return (
    summary.NotAfter?.getTime() === notAfter.getTime() &&
    names.some((name) => listed.includes(name))
  );
}

async function addTags(
  client: ACMClient,
  CertificateArn: string,
  tags: ImportRequest['tags'],
): Promise<void> {
  const Tags = tagList(tags);
  try {
    await client.send(new AddTagsToCertificateCommand({ CertificateArn, Tags }));
  } catch (cause) {
    if (!refusals.has(errorName(cause))) throw cause;
    const message = `ACM: tagging ${CertificateArn}: ${errorMessage(cause)}`;
    throw new CertkeepError('ImportRefused', message, { cause });
  }
}

function tagList(tags: ImportRequest['tags']) {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

async function importOnce(client: ACMClient, request: ImportRequest): Promise<ImportResult> {
  const command = new ImportCertificateCommand({
    Certificate: Buffer.from(request.certificatePem.trim()),
    CertificateChain: Buffer.from(request.chainPem.trim()),
    PrivateKey: Buffer.from(request.keyPem.reveal().trim()),
    ...(request.arn ? { CertificateArn: request.arn } : { Tags: tagList(request.tags) }),
  });
  try {
    const answer = await client.send(command);
    if (answer.CertificateArn) return { outcome: 'imported', arn: answer.CertificateArn };
    throw new CertkeepError('ImportRefused', 'ACM answered an import without an ARN');
  } catch (error) {
    return refusal(request, error);
  }
}

const refusals = new Set([
  'ValidationException',
  'InvalidParameterException',
  'InvalidArnException',
  'InvalidTagException',
  'TagPolicyException',
  'TooManyTagsException',
  'ConflictException',
  'ResourceNotFoundException',
]);

function refusal(request: ImportRequest, cause: unknown): ImportResult {
  const name = errorName(cause);
  const message = errorMessage(cause).slice(0, 500);
  if (name === 'LimitExceededException') {
    throw new CertkeepError('ImportQuotaReached', `ACM: ${message}`, { cause });
  }
  if (!refusals.has(name)) throw cause;
  // "New certificate is missing one or more Extended Key Usages supported by the currently imported
  // certificate", and its like for key usage, key type and names (import-reimport.html).
  if (request.arn && /currently imported certificate/i.test(message)) {
    return { outcome: 'new-arn-needed', detail: message };
  }
  throw new CertkeepError('ImportRefused', `ACM: ${message}`, { cause });
}
