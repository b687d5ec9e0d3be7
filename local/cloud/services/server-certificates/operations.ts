import type {
  DeleteServerCertificateCommandInput,
  GetServerCertificateCommandInput,
  GetServerCertificateResponse,
  ListServerCertificatesCommandInput,
  ListServerCertificatesResponse,
} from '@aws-sdk/client-iam';
import { addMs } from '../../clock.ts';
import { AwsError, type Call } from '../../wire/service.ts';
import { supportOnly } from '../../wire/supported.ts';
import { pageOf } from '../pages.ts';
import {
  certificatesIn,
  isShown,
  type ServerCertificatesState,
  shownCertificate,
} from './state.ts';
import { metadataOf } from './views.ts';

export function getServerCertificate(
  state: ServerCertificatesState,
  { ServerCertificateName }: GetServerCertificateCommandInput,
  call: Call,
): GetServerCertificateResponse {
  const found = shownCertificate(state, ServerCertificateName, call);
  const { certificatePem, chainPem } = found.served.material.latest();
  return {
    ServerCertificate: {
      ServerCertificateMetadata: metadataOf(found),
      CertificateBody: certificatePem,
      ...(chainPem !== null && { CertificateChain: chainPem }),
      Tags: [...found.tags].map(([Key, Value]) => ({ Key, Value })),
    },
  };
}

/** Tags are not listed (API_ListServerCertificates.html). */
export function listServerCertificates(
  state: ServerCertificatesState,
  input: ListServerCertificatesCommandInput,
  call: Call,
): ListServerCertificatesResponse {
  supportOnly('ListServerCertificates', input, ['PathPrefix', 'Marker', 'MaxItems']);
  const { PathPrefix = '/', Marker: token, MaxItems: size = 100 } = input;
  const all = certificatesIn(state, call)
    .filter((each) => each.path.startsWith(PathPrefix) && isShown(state, each))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const page = pageOf(all, { token, size }, ({ name }) => name);
  if (!page) throw new AwsError('ValidationError', 'Invalid Marker.');
  return {
    ServerCertificateMetadataList: page.items.map(metadataOf),
    IsTruncated: page.next !== null,
    ...(page.next !== null && { Marker: page.next }),
  };
}

/** "DeleteConflict … is currently in use by arn:…" is answered for a while after a listener has left it. */
export function deleteServerCertificate(
  state: ServerCertificatesState,
  { ServerCertificateName }: DeleteServerCertificateCommandInput,
  call: Call,
) {
  const { served } = shownCertificate(state, ServerCertificateName, call);
  const now = state.clock.now();
  const users = [now, addMs(now, -state.inUseByLagMs)].flatMap((at) =>
    state.inUseBy(served.arn, at),
  );
  if (users.length > 0) {
    const message = `Certificate: ${served.arn} is currently in use by ${users[0]}. Please remove it first before deleting it from IAM.`;
    throw new AwsError('DeleteConflict', message, 409);
  }
  state.held.delete(served.arn);
  return {};
}
