import { ElasticLoadBalancingClient } from '@aws-sdk/client-elastic-load-balancing';
import {
  DeleteServerCertificateCommand,
  GetServerCertificateCommand,
  IAMClient,
  ListServerCertificatesCommand,
  type ServerCertificate,
  UploadServerCertificateCommand,
} from '@aws-sdk/client-iam';
import type { ClientOptions } from '#shared/aws/clients.ts';
import { serviceCalls } from '#shared/aws/service-errors.ts';
import { CertkeepError, errorName } from '#shared/errors.ts';
import { serverCertificatePath } from '#shared/installation.ts';
import { familyOf } from '#shared/key-algorithm.ts';
import type { Place } from '#shared/place.ts';
import type { Clock } from '#shared/time/clock.ts';
import { poll } from '#shared/time/waiting.ts';
import { readCertificate } from '#shared/x509/certificate.ts';
import {
  type CertificateManager,
  type HeldCertificate,
  type ImportRequest,
  isOurImport,
} from '../acm.ts';
import { readBack } from '../import-material.ts';
import { classicUsers } from './classic-client.ts';
import { nameIn, nameOf, ownerOf } from './server-certificate.ts';

export type IamClientPorts = {
  readonly options: ClientOptions;
  readonly clock: Clock;
  readonly installation: string;
  readonly place: Place;
};

/**
 * IAM's server certificates below the path of the installation and region, as a store that deploy imports into. A new
 * version is a new certificate: nothing is ever imported over, tagged later or untagged.
 */
export function iamServerCertificates(ports: IamClientPorts): CertificateManager {
  const { clock, installation, options, place } = ports;
  const client = new IAMClient(options);
  // The SDK would repeat a deletion whose answer was lost, which IAM then denies.
  const once = new IAMClient({ ...options, maxAttempts: 1 });
  const balancers = new ElasticLoadBalancingClient(options);
  const path = serverCertificatePath(installation, place.region);

  async function isListed(name: string): Promise<boolean> {
    let Marker: string | undefined;
    do {
      const asked = { PathPrefix: path, MaxItems: 1_000, ...(Marker && { Marker }) };
      const command = new ListServerCertificatesCommand(asked);
      const page = await reading('ListServerCertificates', path, () => client.send(command));
      const all = page.ServerCertificateMetadataList ?? [];
      if (all.some((each) => each.ServerCertificateName === name)) return true;
      Marker = page.Marker;
    } while (Marker);
    return false;
  }

  /** Where there is no such certificate, IAM sees no path, and denies what is allowed to a path alone: it is looked for first. */
  async function read(name: string): Promise<ServerCertificate | null> {
    if (!(await isListed(name))) return null;
    const command = new GetServerCertificateCommand({ ServerCertificateName: name });
    const call = () => reading('GetServerCertificate', name, () => client.send(command));
    const answer = await call().catch(nullIfGone);
    return answer?.ServerCertificate ?? null;
  }

  async function readAt(arn: string): Promise<ServerCertificate | null> {
    const name = nameIn(arn, installation, place);
    return name === null ? null : read(name);
  }

  async function find(wanted: Parameters<CertificateManager['find']>[0]) {
    const name = nameOf(wanted, place.region);
    const found = await read(name);
    const held = found && heldCertificate(found);
    const isIt = held?.fingerprintSha256 === wanted.fingerprintSha256 && held.arn !== wanted.except;
    const isOurs = found !== null && isOurImport(tagsIn(found), wanted);
    return { held: isIt && isOurs ? held : null, lookAlikes: [] };
  }

  async function upload(request: ImportRequest): Promise<string> {
    const { serial, fingerprintSha256, names, notAfter } = readCertificate(request.certificatePem);
    const wanted = { ...ownerOf(request), serial, fingerprintSha256, names, notAfter };
    const name = nameOf(wanted, place.region);
    const chainPem = request.chainPem.trim();
    const command = new UploadServerCertificateCommand({
      ServerCertificateName: name,
      Path: path,
      CertificateBody: request.certificatePem.trim(),
      ...(chainPem && { CertificateChain: chainPem }),
      PrivateKey: request.keyPem.reveal().trim(),
      Tags: Object.entries(request.tags).map(([Key, Value]) => ({ Key, Value })),
    });
    try {
      const answer = await changing('UploadServerCertificate', name, () => client.send(command));
      const arn = answer.ServerCertificateMetadata?.Arn;
      if (arn) return arn;
      throw new CertkeepError('ImportRefused', 'IAM answered an upload without an ARN');
    } catch (error) {
      if (errorName(error) !== 'EntityAlreadyExistsException') throw error;
      // An upload whose answer was lost, unless somebody else has the name.
      const held = await poll(clock, readBack, async () => (await find(wanted)).held);
      if (held) return held.arn;
      const message = `IAM: the name ${name} is taken by another server certificate`;
      throw new CertkeepError('ImportRefused', message, { cause: error });
    }
  }

  return {
    name: 'IAM',
    holds: (arn) => nameIn(arn, installation, place) !== null,
    usersOf: ({ arn }) => classicUsers(balancers, place, arn),
    async describe(arn) {
      const found = await readAt(arn);
      return found && heldCertificate(found);
    },
    async fingerprintAt(arn) {
      const found = await readAt(arn);
      return found && heldCertificate(found).fingerprintSha256;
    },
    find,
    async import(request) {
      if (request.arn === null) return { outcome: 'imported', arn: await upload(request) };
      return { outcome: 'new-arn-needed', detail: 'an IAM server certificate never changes' };
    },
    async tagsOf(arn) {
      const found = await readAt(arn);
      return found ? tagsIn(found) : {};
    },
    addTags: async (arn) => {
      throw new CertkeepError('ImportRefused', `IAM: ${arn} is not taken over`);
    },
    removeTag: async (arn) => {
      throw new CertkeepError('ImportRefused', `IAM: ${arn} was not taken over`);
    },
    async delete(arn) {
      const name = nameIn(arn, installation, place);
      if (name === null) throw new CertkeepError('ArnNotOurs', `${arn} is not below ${path}`);
      if (!(await isListed(name))) return 'deleted';
      if ((await classicUsers(balancers, place, arn)).length > 0) return 'in-use';
      const command = new DeleteServerCertificateCommand({ ServerCertificateName: name });
      try {
        await reading('DeleteServerCertificate', name, () => once.send(command)).catch(nullIfGone);
      } catch (error) {
        if (errorName(error) === 'DeleteConflictException') return 'in-use';
        if (await isListed(name)) throw error;
      }
      return 'deleted';
    },
  };
}

const reading = serviceCalls({
  service: 'IAM',
  stage: 'import',
  known: { NoSuchEntityException: 'as-is', DeleteConflictException: 'as-is' },
});

function nullIfGone(error: unknown): null {
  if (errorName(error) === 'NoSuchEntityException') return null;
  throw error;
}

const changing = serviceCalls({
  service: 'IAM',
  stage: 'import',
  known: {
    EntityAlreadyExistsException: 'as-is',
    LimitExceededException: 'ImportQuotaReached',
    MalformedCertificateException: 'ImportRefused',
    KeyPairMismatchException: 'ImportRefused',
    InvalidInputException: 'ImportRefused',
    ValidationError: 'ImportRefused',
  },
});

function tagsIn({ Tags = [] }: ServerCertificate): Readonly<Record<string, string>> {
  return Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value ?? '']));
}

function heldCertificate(found: ServerCertificate): HeldCertificate {
  const { keyAlgorithm, ...facts } = readCertificate(found.CertificateBody ?? '');
  return {
    arn: found.ServerCertificateMetadata?.Arn ?? '',
    serial: facts.serial,
    fingerprintSha256: facts.fingerprintSha256,
    names: facts.names,
    keyAlgorithm,
    keyFamily: keyAlgorithm && familyOf(keyAlgorithm),
    // A load balancer that takes it has no list to choose from.
    keyBits: null,
    hashBits: null,
    notBefore: facts.notBefore,
    notAfter: facts.notAfter,
    imported: true,
    neverChanges: true,
    hasKeyUsage: true,
    hasExtendedKeyUsage: true,
    // IAM does not tell; `usersOf` asks the load balancers.
    inUseBy: [],
  };
}
