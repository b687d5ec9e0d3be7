import { createHash, createHmac } from 'node:crypto';
import { domainToASCII } from 'node:url';
import { type ApiAnswer, type ApiRequest, type ApiServer, startApi } from './api-server.ts';
import type { RecordStore, StoredZone } from './record-store.ts';

export const aliKey = {
  accessKeyId: 'LTAI5tLocalTestKey',
  accessKeySecret: 'local-test-secret-of-that-key',
};

/**
 * Alibaba Cloud DNS 2015-01-09 as far as it is used here, behind signature method V3.
 * https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature
 */
export function startAliApi(store: RecordStore): Promise<ApiServer> {
  const nonces = new Set<string>();
  return startApi({
    identify: (request) => identify(request, nonces),
    answer: (call, { url }) => answer(store, call, url.searchParams),
  });
}

export function aliRefusal(status: number, Code: string, Message = 'as it was asked'): ApiAnswer {
  return { status, body: { RequestId: 'local', HostId: 'local', Code, Message } };
}

function identify(request: ApiRequest, nonces: Set<string>): string | ApiAnswer {
  const { headers } = request;
  const authorization =
    /^ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([^,]+),Signature=([0-9a-f]{64})$/;
  const [, key, signed = '', signature] = authorization.exec(headers.authorization ?? '') ?? [];
  if (key !== aliKey.accessKeyId) return aliRefusal(404, 'InvalidAccessKeyId.NotFound');
  const nonce = String(headers['x-acs-signature-nonce']);
  if (nonces.has(nonce)) return aliRefusal(400, 'SignatureNonceUsed');
  nonces.add(nonce);
  if (headers['x-acs-content-sha256'] !== sha256(request.body)) {
    return aliRefusal(400, 'InvalidContentSha256');
  }
  // Everything that says what is asked must be signed.
  const mustBeSigned = [
    'host',
    'x-acs-action',
    'x-acs-content-sha256',
    'x-acs-date',
    'x-acs-signature-nonce',
    'x-acs-version',
  ];
  if (!mustBeSigned.every((name) => signed.split(';').includes(name))) {
    return aliRefusal(400, 'IncompleteSignature');
  }
  if (signatureOf(request, signed.split(';')) !== signature) {
    return aliRefusal(400, 'SignatureDoesNotMatch');
  }
  if (headers['x-acs-version'] !== '2015-01-09') return aliRefusal(400, 'InvalidVersion');
  return String(headers['x-acs-action']);
}

/** Step by step as documented: canonical query, canonical headers, canonical request, string to sign. */
function signatureOf(
  { method, url, headers, body }: ApiRequest,
  signed: readonly string[],
): string {
  const query = [...url.searchParams]
    .map(([name, value]) => [rfc3986(name), rfc3986(value)] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map((pair) => pair.join('='))
    .join('&');
  const lines = signed.map((name) => `${name}:${String(headers[name]).trim()}\n`).join('');
  const canonical = `${method}\n${url.pathname}\n${query}\n${lines}\n${signed.join(';')}\n${sha256(body)}`;
  return createHmac('sha256', aliKey.accessKeySecret)
    .update(`ACS3-HMAC-SHA256\n${sha256(canonical)}`)
    .digest('hex');
}

function rfc3986(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[A-Za-z0-9_.~-]/.test(character)
        ? character
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function answer(store: RecordStore, call: string, query: URLSearchParams): ApiAnswer {
  const given = (name: string) => query.get(name) ?? '';
  if (call === 'DescribeDomains') {
    const zones = store.zones.filter(({ addedAs }) => addedAs.includes(given('KeyWord')));
    return page(query, 'Domains', 'Domain', zones.map(zoneJson));
  }
  if (call === 'DeleteDomainRecord') {
    const id = given('RecordId');
    const isGone = store.zones.some((zone) => store.removeRecord(zone, id));
    return isGone ? done({ RecordId: id }) : aliRefusal(400, 'DomainRecordNotBelongToUser');
  }
  const zone = store.zoneNamed(given('DomainName'));
  if (!zone) return aliRefusal(400, 'InvalidDomainName.NoExist');
  if (call === 'DescribeSubDomainRecords') {
    const asked = domainToASCII(given('SubDomain'));
    const records = zone.records.filter(
      ({ name, type }) => name === asked && type === given('Type'),
    );
    return page(
      query,
      'DomainRecords',
      'Record',
      records.map(({ id, type, value, name }) => ({
        RecordId: id,
        DomainName: zone.addedAs,
        RR: name.slice(0, -zone.name.length - 1),
        Type: type,
        Value: value,
        Line: 'default',
        Status: 'ENABLE',
      })),
    );
  }
  if (call !== 'AddDomainRecord') return aliRefusal(404, 'InvalidAction.NotFound');
  if (Number(given('TTL')) < 600) return aliRefusal(400, 'QuotaExceeded.TTL');
  const added = store.addRecord(zone, {
    name: given('RR') === '@' ? zone.name : `${given('RR')}.${zone.name}`,
    type: given('Type'),
    value: given('Value'),
    ttl: Number(given('TTL')),
  });
  return added ? done({ RecordId: added.id }) : aliRefusal(400, 'DomainRecordDuplicate');
}

function zoneJson({ addedAs, name, nameServers }: StoredZone) {
  return { DomainName: addedAs, PunyCode: name, DnsServers: { DnsServer: nameServers } };
}

function done(body: object): ApiAnswer {
  return { status: 200, body: { RequestId: 'local', ...body } };
}

function page(
  query: URLSearchParams,
  list: string,
  item: string,
  all: readonly unknown[],
): ApiAnswer {
  const number = Number(query.get('PageNumber') ?? 1);
  const size = Number(query.get('PageSize') ?? 20);
  if (size > 100) return aliRefusal(400, 'InvalidPageSize');
  const items = all.slice((number - 1) * size, number * size);
  return done({
    TotalCount: all.length,
    PageNumber: number,
    PageSize: size,
    [list]: { [item]: items },
  });
}
