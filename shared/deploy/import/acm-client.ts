import { X509Certificate } from 'node:crypto';
import {
  ACMClient,
  type KeyAlgorithm as AcmKeyAlgorithm,
  AddTagsToCertificateCommand,
  type CertificateDetail,
  type CertificateSummary,
  DeleteCertificateCommand,
  DescribeCertificateCommand,
  GetCertificateCommand,
  ImportCertificateCommand,
  ListCertificatesCommand,
  ListTagsForCertificateCommand,
  RemoveTagsFromCertificateCommand,
  type Tag,
} from '@aws-sdk/client-acm';
import type { ClientOptions } from '#shared/aws/clients.ts';
import { serviceCalls } from '#shared/aws/service-errors.ts';
import { CertkeepError, errorMessage, errorName, isCertkeepError } from '#shared/errors.ts';
import type { KeyAlgorithm, KeyFamily } from '#shared/key-algorithm.ts';
import { addMs, type Clock } from '#shared/time/clock.ts';
import { fingerprintOf, type Identity, isLookAlike } from '../probe/identity.ts';
import { serialOf } from '../probe/serial.ts';
import {
  type CertificateManager,
  type HeldCertificate,
  type ImportRequest,
  type ImportResult,
  isOurImport,
  type WantedCertificate,
} from './acm.ts';
import { type ImportLane, importEveryMs } from './import-lane.ts';

export type AcmClientPorts = {
  /** Options for the region and account of one place. */
  readonly options: ClientOptions;
  readonly clock: Clock;
  /** The lane of the place. */
  readonly lane: ImportLane;
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

/** Other ARNs on a listener are IAM server certificates. */
function isAcmArn(arn: string): boolean {
  return /^arn:[a-z-]+:acm:/.test(arn);
}

/** Calls ACM through the SDK. */
export function awsCertificateManager(ports: AcmClientPorts): CertificateManager {
  const { options } = ports;
  const client = new ACMClient(options);
  // The SDK would repeat an import whose answer was lost, and one that a quota refused.
  const once = new ACMClient({ ...options, maxAttempts: 1 });

  async function describe(
    arn: string,
    ours: readonly Identity[] = [],
  ): Promise<HeldCertificate | null> {
    if (!isAcmArn(arn)) return null;
    const command = new DescribeCertificateCommand({ CertificateArn: arn });
    const answer = await named('DescribeCertificate', arn, () => orNull(client.send(command)));
    if (!answer?.Certificate) return null;
    const held = heldCertificate(arn, answer.Certificate);
    const mayBeOurs = ours.some(({ serial }) => serial === held.serial);
    return mayBeOurs ? { ...held, fingerprintSha256: await fingerprintAt(arn) } : held;
  }

  function fingerprintAt(arn: string): Promise<string | null> {
    return named('GetCertificate', arn, async () => {
      const command = new GetCertificateCommand({ CertificateArn: arn });
      const answer = await orNull(client.send(command));
      return answer?.Certificate ? fingerprintOf(new X509Certificate(answer.Certificate)) : null;
    });
  }

  async function tagsOf(arn: string): Promise<Readonly<Record<string, string>>> {
    if (!isAcmArn(arn)) return {};
    const command = new ListTagsForCertificateCommand({ CertificateArn: arn });
    const answer = await named('ListTagsForCertificate', arn, () => orNull(client.send(command)));
    return Object.fromEntries((answer?.Tags ?? []).map(({ Key, Value }) => [Key, Value ?? '']));
  }

  return {
    name: 'ACM',
    holds: isAcmArn,
    describe,
    fingerprintAt,
    usersOf: async ({ inUseBy }) => inUseBy,
    async find(wanted) {
      const lookAlikes: string[] = [];
      for await (const summary of certificateSummaries(client)) {
        const { CertificateArn: arn } = summary;
        if (!arn || arn === wanted.except || !resembles(summary, wanted)) continue;
        const held = await describe(arn, [wanted]);
        if (held && isLookAlike(held, wanted)) lookAlikes.push(arn);
        if (held?.fingerprintSha256 !== wanted.fingerprintSha256) continue;
        if (isOurImport(await tagsOf(arn), wanted)) return { held, lookAlikes };
      }
      return { held: null, lookAlikes };
    },
    import: (request) => importInTurn(ports, once, request),
    tagsOf,
    addTags: (arn, tags) => addTags(client, arn, tags),
    removeTag: (arn, key, value) =>
      changing('RemoveTagsFromCertificate', arn, async () => {
        try {
          await orNull(client.send(removal(arn, { Key: key, Value: value })));
        } catch (error) {
          // A try whose answer was lost has deleted it, and with it the tags on which the role's right depends.
          const isDenied = errorName(error) === 'AccessDeniedException';
          if (!isDenied || (await tagsOf(arn))[key] === value) throw error;
        }
      }),
    delete: (arn) =>
      named('DeleteCertificate', arn, async () => {
        try {
          await orNull(client.send(new DeleteCertificateCommand({ CertificateArn: arn })));
          return 'deleted';
        } catch (error) {
          const name = errorName(error);
          if (name === 'ResourceInUseException') return 'in-use';
          // A certificate deleted by a try whose answer was lost has no tags that could give the role the right.
          if (name === 'AccessDeniedException' && !(await describe(arn))) return 'deleted';
          throw error;
        }
      }),
  };
}

const named = serviceCalls({ service: 'ACM', stage: 'import' });

/** The certificate does not exist, or is not issued yet. */
const absent = ['ResourceNotFoundException', 'RequestInProgressException'];

async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (absent.includes(errorName(error))) return null;
    throw error;
  }
}

function heldCertificate(arn: string, detail: CertificateDetail): HeldCertificate {
  // ACM prints `RSA-2048` where its model says `RSA_2048`.
  const algorithm = (detail.KeyAlgorithm ?? '').replace('-', '_');
  return {
    arn,
    serial: detail.Serial ? serialOf(detail.Serial) : null,
    fingerprintSha256: null,
    names: namesOf(detail),
    keyAlgorithm: keyAlgorithmOf[algorithm] ?? null,
    keyFamily: keyFamilyOf(algorithm),
    keyBits: numberIn(algorithm),
    hashBits: hashBitsOf(detail.SignatureAlgorithm),
    notBefore: detail.NotBefore ?? null,
    notAfter: detail.NotAfter ?? null,
    imported: detail.Type === 'IMPORTED',
    // ACM reports ANY and NONE for a certificate without the extension.
    hasKeyUsage: !isAll(detail.KeyUsages, ({ Name }) => Name === 'ANY'),
    hasExtendedKeyUsage: !isAll(detail.ExtendedKeyUsages, ({ OID }) => OID === undefined),
    inUseBy: detail.InUseBy ?? [],
  };
}

function keyFamilyOf(algorithm: string): KeyFamily | null {
  if (algorithm.startsWith('EC_')) return 'ecdsa';
  return algorithm.startsWith('RSA_') ? 'rsa' : null;
}

/** ACM prints `SHA256WITHRSA`. */
function hashBitsOf(signature = ''): number | null {
  if (/^MD5/i.test(signature)) return 0;
  const [, sha] = /^SHA-?(\d+)/i.exec(signature) ?? [];
  return sha === undefined ? null : Number(sha);
}

/** `RSA_2048`, `EC_prime256v1` */
function numberIn(text: string): number | null {
  const [digits] = /\d{3,}/.exec(text) ?? [];
  return digits === undefined ? null : Number(digits);
}

/** A certificate may have a common name alone, without any subject alternative name. */
function namesOf({ SubjectAlternativeNames = [], DomainName }: CertificateDetail) {
  return SubjectAlternativeNames.length === 0 && DomainName
    ? [DomainName]
    : SubjectAlternativeNames;
}

/** Where ACM reports nothing, it decides itself at a re-import whether an extension may be added. */
function isAll<T>(told: readonly T[] = [], is: (one: T) => boolean): boolean {
  return told.length > 0 && told.every(is);
}

/** Lists all certificates of the place, whatever their keys. */
export async function* certificateSummaries(client: ACMClient): AsyncGenerator<CertificateSummary> {
  let next: string | undefined;
  do {
    const command = new ListCertificatesCommand({
      Includes: { keyTypes: allKeyTypes },
      MaxItems: 1_000,
      ...(next ? { NextToken: next } : {}),
    });
    const page = await named('ListCertificates', 'of the region', () => client.send(command));
    yield* page.CertificateSummaryList ?? [];
    next = page.NextToken;
  } while (next);
}

/** A summary has no serial; its end and its names leave few certificates to describe. */
function resembles(
  summary: CertificateSummary,
  { names, notAfter }: Pick<WantedCertificate, 'names' | 'notAfter'>,
): boolean {
  const listed = [summary.DomainName, ...(summary.SubjectAlternativeNameSummaries ?? [])];
  return (
    summary.NotAfter?.getTime() === notAfter.getTime() &&
    names.some((name) => listed.includes(name))
  );
}

const refusals = [
  'ValidationException',
  'InvalidParameterException',
  'InvalidArnException',
  'InvalidTagException',
  'TagPolicyException',
  'TooManyTagsException',
  'ConflictException',
  'ResourceNotFoundException',
];

/** Calls that change something and are refused because of their content. */
const changing = serviceCalls({
  service: 'ACM',
  stage: 'import',
  known: {
    ...Object.fromEntries(refusals.map((name) => [name, 'ImportRefused' as const])),
    LimitExceededException: 'ImportQuotaReached',
  },
});

async function addTags(
  client: ACMClient,
  CertificateArn: string,
  tags: ImportRequest['tags'],
): Promise<void> {
  const command = new AddTagsToCertificateCommand({ CertificateArn, Tags: tagList(tags) });
  await changing('AddTagsToCertificate', CertificateArn, () => client.send(command));
}

/** A tag given with a value is removed only if it has that value (API_RemoveTagsFromCertificate.html). */
function removal(CertificateArn: string, tag: Tag): RemoveTagsFromCertificateCommand {
  return new RemoveTagsFromCertificateCommand({ CertificateArn, Tags: [tag] });
}

function tagList(tags: ImportRequest['tags']) {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** Others may import in the same place: with turns a second or two apart these tries take 5 to 15 s. */
const throttledTries = 8;

/**
 * A throttled import had no effect: all imports wait, and this one is tried again.
 * @throws CertkeepError ServiceThrottled in the end
 */
async function importInTurn(
  { clock, lane }: AcmClientPorts,
  client: ACMClient,
  request: ImportRequest,
): Promise<ImportResult> {
  const { isUrgent = false } = request;
  let notBefore = clock.now();
  for (let tries = 1; ; tries += 1) {
    await lane.turn({ isUrgent, notBefore });
    try {
      return await importOnce(client, request);
    } catch (error) {
      if (tries >= throttledTries || !isCertkeepError(error, 'ServiceThrottled')) throw error;
      notBefore = addMs(clock.now(), importEveryMs * (1 + Math.random()));
    }
  }
}

async function importOnce(client: ACMClient, request: ImportRequest): Promise<ImportResult> {
  const chainPem = request.chainPem.trim();
  const command = new ImportCertificateCommand({
    Certificate: Buffer.from(request.certificatePem.trim()),
    // ACM accepts no empty chain, and a missing chain only for a self-signed certificate (API_ImportCertificate.html).
    ...(chainPem && { CertificateChain: Buffer.from(chainPem) }),
    PrivateKey: Buffer.from(request.keyPem.reveal().trim()),
    ...(request.arn ? { CertificateArn: request.arn } : { Tags: tagList(request.tags) }),
  });
  return changing('ImportCertificate', request.arn ?? 'of a new certificate', async () => {
    try {
      const answer = await client.send(command);
      if (answer.CertificateArn) return { outcome: 'imported', arn: answer.CertificateArn };
      throw new CertkeepError('ImportRefused', 'ACM answered an import without an ARN');
    } catch (error) {
      // ACM's rules decide what may follow on an ARN (import-reimport.html): an import to a new ARN shows whether they or
      // the material is at fault.
      if (!request.arn || errorName(error) !== 'ValidationException') throw error;
      return { outcome: 'new-arn-needed', detail: errorMessage(error).slice(0, 500) };
    }
  });
}
