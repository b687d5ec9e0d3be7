import { secondMs } from '#shared/time/clock.ts';
import { canonicalRequest, hmacSha256 } from '../records/signing.ts';

export type TencentRequest = {
  readonly host: string;
  readonly service: string;
  readonly action: string;
  readonly version: string;
  readonly body: string;
  readonly at: Date;
};

const algorithm = 'TC3-HMAC-SHA256';
const contentType = 'application/json; charset=utf-8';

/** The headers of a call, signed with "signature v3". https://www.tencentcloud.com/document/api/1157/49030 */
export function signTencent(
  request: TencentRequest,
  key: { readonly secretId: string; readonly secretKey: string },
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(request.at.getTime() / secondMs));
  const date = request.at.toISOString().slice(0, 10);
  const { hash, signedHeaders } = canonicalRequest({
    query: '',
    headers: {
      'content-type': contentType,
      host: request.host,
      'x-tc-action': request.action.toLowerCase(),
    },
    body: request.body,
  });
  const scope = `${date}/${request.service}/tc3_request`;
  const toSign = [algorithm, timestamp, scope, hash].join('\n');
  const signing = [date, request.service, 'tc3_request'].reduce<string | Buffer>(
    (secret, part) => hmacSha256(secret, part),
    `TC3${key.secretKey}`,
  );
  const signature = hmacSha256(signing, toSign).toString('hex');
  return {
    authorization: `${algorithm} Credential=${key.secretId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`,
    'content-type': contentType,
    'x-tc-action': request.action,
    'x-tc-timestamp': timestamp,
    'x-tc-version': request.version,
  };
}
