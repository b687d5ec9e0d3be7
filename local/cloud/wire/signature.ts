import type { WireRequest } from './protocol.ts';

/** The contents of a request's AWS Signature Version 4. The signature itself is not verified. */
export type Signed = {
  readonly accessKeyId: string;
  readonly region: string;
  /** The signing name: ELB and ELBv2 share one. */
  readonly service: string;
};

/** From the credential scope `key/date/region/service/aws4_request`, in the header or a presigned URL. */
export function signedBy(request: Pick<WireRequest, 'headers' | 'query'>): Signed | null {
  const header = /Credential=([^,\s]+)/.exec(request.headers.authorization ?? '')?.[1];
  const scope = header ?? request.query.get('X-Amz-Credential') ?? '';
  const [accessKeyId, , region, service, end] = scope.split('/');
  if (!accessKeyId || !region || !service || end !== 'aws4_request') return null;
  return { accessKeyId, region, service };
}
