import type {
  DeleteCertificateCommandInput,
  DescribeCertificateCommandInput,
  GetCertificateCommandInput,
  ListCertificatesCommandInput,
} from '@aws-sdk/client-acm';
import { addMs } from '../../clock.ts';
import { AwsError, type Call } from '../../wire/service.ts';
import { listedPage } from './listing.ts';
import { type AcmState, certificateOf, certificatesOf, usersOf } from './state.ts';
import { detailOf, summaryOf } from './views.ts';

export function listCertificates(state: AcmState, input: ListCertificatesCommandInput, call: Call) {
  const now = state.clock.now();
  const known = certificatesOf(state, call).filter(
    (each) => addMs(each.createdAt, state.listLagMs) <= now,
  );
  const page = listedPage(known, input, now);
  return {
    CertificateSummaryList: page.items.map((each) =>
      summaryOf(each, now, usersOf(state, each).length > 0),
    ),
    ...(page.next === null ? {} : { NextToken: page.next }),
  };
}

export function describeCertificate(
  state: AcmState,
  { CertificateArn }: DescribeCertificateCommandInput,
  call: Call,
) {
  const certificate = certificateOf(state, CertificateArn, call);
  return { Certificate: detailOf(certificate, state.clock.now(), usersOf(state, certificate)) };
}

export function getCertificate(
  state: AcmState,
  { CertificateArn }: GetCertificateCommandInput,
  call: Call,
) {
  const certificate = certificateOf(state, CertificateArn, call);
  if (certificate.isPending) {
    const message = `The request for certificate ${certificate.arn} is in progress.`;
    throw new AwsError('RequestInProgressException', message);
  }
  const { certificatePem, chainPem } = certificate.material.latest();
  return { Certificate: certificatePem, ...(chainPem ? { CertificateChain: chainPem } : {}) };
}

export function deleteCertificate(
  state: AcmState,
  { CertificateArn }: DeleteCertificateCommandInput,
  call: Call,
) {
  const certificate = certificateOf(state, CertificateArn, call);
  // Both a present use and one that only InUseBy still shows prevent the deletion.
  const now = state.inUseBy(certificate.arn, state.clock.now());
  if (now.length > 0 || usersOf(state, certificate).length > 0) {
    const message = `Certificate ${certificate.arn} in account ${call.account} is in use.`;
    throw new AwsError('ResourceInUseException', message);
  }
  state.held.delete(certificate.arn);
  return {};
}
