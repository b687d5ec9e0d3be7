import type { Clock } from '../../clock.ts';
import type { Operations } from '../../wire/service.ts';
import type { AcmCertificate } from '../acm/certificate.ts';
import {
  deleteServerCertificate,
  getServerCertificate,
  listServerCertificates,
} from './operations.ts';
import { isShown, type ServerCertificate, type ServerCertificatesState } from './state.ts';
import { uploadServerCertificate } from './upload.ts';

export type ServerCertificatesOptions = {
  readonly clock: Clock;
  readonly inUseBy: ServerCertificatesState['inUseBy'];
  /** 2 s by default. */
  readonly lagMs?: number;
  /** 5 s by default. */
  readonly inUseByLagMs?: number;
  /** 20 by default (reference_iam-quotas.html). */
  readonly maxCertificates?: number;
};

export type ServerCertificates = {
  /** Those of IAM that concern server certificates. */
  readonly operations: Operations;
  /** Returns the certificate that a load balancer serves, by its ARN, once IAM shows it; null where there is none. */
  find(arn: string): AcmCertificate | null;
  /** By its ARN, for any caller; null where there is none. */
  tagsOf(arn: string): ReadonlyMap<string, string> | null;
  /** The ARN behind a name, which policies are asked about; null where there is none. */
  arnNamed(account: string, name: string): string | null;
  certificates(): readonly ServerCertificate[];
};

/** IAM's store of certificates and keys, for what ACM does not reach; it is the same in every region. */
export function serverCertificates(options: ServerCertificatesOptions): ServerCertificates {
  const { clock, inUseBy, lagMs = 2_000, inUseByLagMs = 5_000, maxCertificates = 20 } = options;
  const held = new Map<string, ServerCertificate>();
  const state = { clock, inUseBy, lagMs, inUseByLagMs, maxCertificates, held };
  return {
    operations: {
      UploadServerCertificate: (input, call) => uploadServerCertificate(state, input, call),
      GetServerCertificate: (input, call) => getServerCertificate(state, input, call),
      ListServerCertificates: (input, call) => listServerCertificates(state, input, call),
      DeleteServerCertificate: (input, call) => deleteServerCertificate(state, input, call),
    },
    find(arn) {
      const found = held.get(arn);
      return found && isShown(state, found) ? found.served : null;
    },
    tagsOf: (arn) => held.get(arn)?.tags ?? null,
    arnNamed: (account, name) =>
      [...held.values()].find((each) => each.name === name && each.served.account === account)
        ?.served.arn ?? null,
    certificates: () => [...held.values()],
  };
}
