import { randomUUID } from 'node:crypto';
import type {
  AddTagsToCertificateCommandInput,
  DeleteCertificateCommandInput,
  DescribeCertificateCommandInput,
  GetCertificateCommandInput,
  ImportCertificateCommandInput,
  ListCertificatesCommandInput,
  ListTagsForCertificateCommandInput,
  RemoveTagsFromCertificateCommandInput,
} from '@aws-sdk/client-acm';
import { addMs, type Clock } from '../clock.ts';
import { isOperator } from '../operator.ts';
import { arnOf } from '../wire/arn.ts';
import { AwsError, type Call, type Operations } from '../wire/service.ts';
import { supportOnly } from '../wire/supported.ts';
import type { AcmCertificate } from './acm/certificate.ts';
import { detailOf, summaryOf } from './acm/descriptions.ts';
import { checkImport, checkReimport } from './acm/import-rules.ts';
import { type AcmLimits, defaultLimits, importMeter } from './acm/limits.ts';
import { listedPage } from './acm/listing.ts';
import {
  type CertificateMaterial,
  invalid,
  type MaterialInput,
  readMaterial,
} from './acm/material.ts';
import { addTags, checkTags, removeTags, tagsOf } from './acm/tags.ts';
import { timeline } from './timeline.ts';

export type AcmOptions = {
  readonly clock: Clock;
  /** ARNs of the resources known at `time` to use the certificate: `loadBalancers().inUseBy`. */
  readonly inUseBy: (certificateArn: string, time: Date) => readonly string[];
  readonly limits?: Partial<AcmLimits>;
  /** The time until ListCertificates shows a new certificate. */
  readonly listLagMs?: number;
  /** The delay of InUseBy after a change of a listener. */
  readonly inUseByLagMs?: number;
};

export type AcmState = {
  readonly operations: Operations;
  /** Finds any certificate by its ARN, without lag: load balancers resolve an ARN with it. */
  find(arn: string): AcmCertificate | null;
  certificates(): readonly AcmCertificate[];
  /**
   * Creates an Amazon-issued certificate, as RequestCertificate and its validation would; this cloud has neither, and no
   * renewal. Returns its ARN.
   */
  issued(place: Pick<Call, 'account' | 'region'>, material: MaterialInput): string;
  /** Creates a certificate whose validation is pending, with the material that will be issued. Returns its ARN. */
  requested(place: Pick<Call, 'account' | 'region'>, material: MaterialInput): string;
};

const arnPattern = /^arn:aws[\w-]*:acm:[\w-]+:\d{12}:certificate\/[\w-]+$/;

/** AWS Certificate Manager. Certificates are imported; only whoever sets the scene creates Amazon-issued ones. */
export function acm(options: AcmOptions): AcmState {
  const { clock, listLagMs = 1_000, inUseByLagMs = 2_000 } = options;
  const meter = importMeter(clock, { ...defaultLimits, ...options.limits });
  const held = new Map<string, AcmCertificate>();

  function certificatesOf({ account, region }: Call): AcmCertificate[] {
    return [...held.values()].filter((each) => each.account === account && each.region === region);
  }

  function certificateOf(arn: string | undefined, call: Call): AcmCertificate {
    if (!arn || !arnPattern.test(arn)) {
      throw new AwsError('InvalidArnException', `The ARN '${arn}' is not valid.`);
    }
    const certificate = held.get(arn);
    if (certificate && certificate.account === call.account && certificate.region === call.region) {
      return certificate;
    }
    const message = `Could not find certificate ${arn} in account ${call.account}.`;
    throw new AwsError('ResourceNotFoundException', message);
  }

  function usersOf(certificate: AcmCertificate): readonly string[] {
    return options.inUseBy(certificate.arn, addMs(clock.now(), -inUseByLagMs));
  }

  function importCertificate(input: ImportCertificateCommandInput, call: Call) {
    supportOnly('ImportCertificate', input, importMembers);
    if (!isOperator(call.accessKeyId)) meter.throttle(call);
    const previous =
      input.CertificateArn === undefined ? null : certificateOf(input.CertificateArn, call);
    if (previous && input.Tags?.length) {
      throw invalid('Tagging is not permitted on re-import. Use AddTagsToCertificate.');
    }
    if (previous && previous.type !== 'IMPORTED') {
      // The page allows only "To replace a previously imported certificate"; AWS's message is unknown.
      throw invalid('Only a certificate that was imported can be imported again.');
    }
    const now = clock.now();
    const material = readMaterial(input);
    checkImport(material, now);
    if (previous) checkReimport(previous.material.latest(), material);
    checkTags(new Map(), input.Tags ?? []);
    meter.checkQuotas(call, previous ? null : certificatesOf(call).filter(isImported).length);
    meter.count(call);
    if (previous) {
      previous.material.set(material, now);
      previous.importedAt = now;
      return { CertificateArn: previous.arn };
    }
    const certificate = added(call, 'IMPORTED', material);
    addTags(certificate, input.Tags ?? []);
    return { CertificateArn: certificate.arn };
  }

  function added(
    place: Pick<Call, 'account' | 'region'>,
    type: AcmCertificate['type'],
    material: CertificateMaterial,
  ): AcmCertificate {
    const now = clock.now();
    const { region, account } = place;
    const arn = newArn(place);
    const times = { createdAt: now, importedAt: now, material: timeline(material, now) };
    const certificate = { arn, type, region, account, ...times, tags: new Map() };
    held.set(arn, certificate);
    return certificate;
  }

  function listCertificates(input: ListCertificatesCommandInput, call: Call) {
    const now = clock.now();
    const known = certificatesOf(call).filter((each) => addMs(each.createdAt, listLagMs) <= now);
    const page = listedPage(known, input, now);
    return {
      CertificateSummaryList: page.items.map((each) =>
        summaryOf(each, now, usersOf(each).length > 0),
      ),
      ...(page.next === null ? {} : { NextToken: page.next }),
    };
  }

  function deleteCertificate(input: DeleteCertificateCommandInput, call: Call) {
    const certificate = certificateOf(input.CertificateArn, call);
    // Both a present use and one that only InUseBy still shows prevent the deletion.
    const users = [...options.inUseBy(certificate.arn, clock.now()), ...usersOf(certificate)];
    if (users.length > 0) {
      const message = `Certificate ${certificate.arn} in account ${call.account} is in use.`;
      throw new AwsError('ResourceInUseException', message);
    }
    held.delete(certificate.arn);
    return {};
  }

  const operations: Operations = {
    ImportCertificate: importCertificate,
    ListCertificates: listCertificates,
    DeleteCertificate: deleteCertificate,
    DescribeCertificate(input: DescribeCertificateCommandInput, call: Call) {
      const certificate = certificateOf(input.CertificateArn, call);
      return { Certificate: detailOf(certificate, clock.now(), usersOf(certificate)) };
    },
    GetCertificate(input: GetCertificateCommandInput, call: Call) {
      const certificate = certificateOf(input.CertificateArn, call);
      if (certificate.isPending) {
        const message = `The request for certificate ${certificate.arn} is in progress.`;
        throw new AwsError('RequestInProgressException', message);
      }
      const { certificatePem, chainPem } = certificate.material.latest();
      return { Certificate: certificatePem, ...(chainPem ? { CertificateChain: chainPem } : {}) };
    },
    AddTagsToCertificate(input: AddTagsToCertificateCommandInput, call: Call) {
      addTags(certificateOf(input.CertificateArn, call), input.Tags ?? []);
      return {};
    },
    RemoveTagsFromCertificate(input: RemoveTagsFromCertificateCommandInput, call: Call) {
      removeTags(certificateOf(input.CertificateArn, call), input.Tags ?? []);
      return {};
    },
    ListTagsForCertificate(input: ListTagsForCertificateCommandInput, call: Call) {
      return { Tags: tagsOf(certificateOf(input.CertificateArn, call)) };
    },
  };

  return {
    operations,
    find: (arn) => held.get(arn) ?? null,
    certificates: () => [...held.values()],
    issued: (place, material) => added(place, 'AMAZON_ISSUED', readMaterial(material)).arn,
    requested(place, material) {
      const certificate = added(place, 'AMAZON_ISSUED', readMaterial(material));
      certificate.isPending = true;
      return certificate.arn;
    },
  };
}

function isImported({ type }: AcmCertificate): boolean {
  return type === 'IMPORTED';
}

const importMembers = [
  'CertificateArn',
  'Certificate',
  'PrivateKey',
  'CertificateChain',
  'Tags',
] as const;

function newArn(place: Pick<Call, 'account' | 'region'>): string {
  return arnOf('acm', place, `certificate/${randomUUID()}`);
}
