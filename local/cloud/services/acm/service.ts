import type { Clock } from '../../clock.ts';
import type { Call, Operations } from '../../wire/service.ts';
import type { AcmCertificate } from './certificate.ts';
import {
  deleteCertificate,
  describeCertificate,
  getCertificate,
  listCertificates,
} from './certificates.ts';
import { importCertificate } from './import-certificate.ts';
import { type AcmLimits, defaultLimits, importMeter } from './limits.ts';
import { type MaterialInput, readMaterial } from './material.ts';
import { type AcmState, addCertificate } from './state.ts';
import { addTagsToCertificate, listTagsForCertificate, removeTagsFromCertificate } from './tags.ts';

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

export type Acm = {
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

/** AWS Certificate Manager. Certificates are imported; only whoever sets the scene creates Amazon-issued ones. */
export function acm(options: AcmOptions): Acm {
  const { clock, inUseBy, limits, listLagMs = 1_000, inUseByLagMs = 2_000 } = options;
  const meter = importMeter(clock, { ...defaultLimits, ...limits });
  const state: AcmState = { clock, inUseBy, listLagMs, inUseByLagMs, meter, held: new Map() };
  return {
    operations: {
      ImportCertificate: (input, call) => importCertificate(state, input, call),
      ListCertificates: (input, call) => listCertificates(state, input, call),
      DescribeCertificate: (input, call) => describeCertificate(state, input, call),
      GetCertificate: (input, call) => getCertificate(state, input, call),
      DeleteCertificate: (input, call) => deleteCertificate(state, input, call),
      AddTagsToCertificate: (input, call) => addTagsToCertificate(state, input, call),
      RemoveTagsFromCertificate: (input, call) => removeTagsFromCertificate(state, input, call),
      ListTagsForCertificate: (input, call) => listTagsForCertificate(state, input, call),
    },
    find: (arn) => state.held.get(arn) ?? null,
    certificates: () => [...state.held.values()],
    issued: (place, material) =>
      addCertificate(state, place, 'AMAZON_ISSUED', readMaterial(material)).arn,
    requested(place, material) {
      const certificate = addCertificate(state, place, 'AMAZON_ISSUED', readMaterial(material));
      certificate.isPending = true;
      return certificate.arn;
    },
  };
}
