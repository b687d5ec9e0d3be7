import { createHash, createHmac } from 'node:crypto';
import type { Clock } from '#shared/time/clock.ts';
import { type ApiAnswer, type ApiRequest, type ApiServer, startApi } from './api-server.ts';
import type { RecordStore, StoredZone } from './record-store.ts';

export const tencentKey = { secretId: 'AKIDLocalTestId', secretKey: 'local-test-key-of-that-id' };

/**
 * DNSPod 2021-03-23 as far as it is used here, behind signature v3.
 * https://www.tencentcloud.com/document/api/1157/49030
 * A listing shows a new record only after `listLagMs`.
 */
export function startDnspodApi(
  store: RecordStore,
  clock: Clock,
  listLagMs = 0,
): Promise<ApiServer> {
  const seenFrom = new Map<string, number>();
  const isListed = (id: string) => clock.now().getTime() >= (seenFrom.get(id) ?? 0);
  const added = (id: string) => seenFrom.set(id, clock.now().getTime() + listLagMs);
  return startApi({
    identify: (request) => identify(request, clock),
    answer: (call, { body }) => answer(store, call, JSON.parse(body), { isListed, added }),
  });
}

type Index = {
  readonly isListed: (id: string) => boolean;
  readonly added: (id: string) => void;
};

export function dnspodRefusal(Code: string, Message = 'as it was asked', status = 200): ApiAnswer {
  return { status, body: { Response: { Error: { Code, Message }, RequestId: 'local' } } };
}

const longestSkewSeconds = 300;

function identify(request: ApiRequest, clock: Clock): string | ApiAnswer {
  const { headers } = request;
  const authorization =
    /^TC3-HMAC-SHA256 Credential=([^/]+)\/([\d-]{10})\/(\w+)\/tc3_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/;
  const [, id, date = '', service = '', signed = '', signature] =
    authorization.exec(headers.authorization ?? '') ?? [];
  if (id !== tencentKey.secretId) return dnspodRefusal('AuthFailure.SecretIdNotFound');
  const timestamp = Number(headers['x-tc-timestamp']);
  const now = clock.now().getTime() / 1_000;
  const isOfThatDay = new Date(timestamp * 1_000).toISOString().startsWith(date);
  if (Math.abs(now - timestamp) > longestSkewSeconds || !isOfThatDay) {
    return dnspodRefusal('AuthFailure.SignatureExpire');
  }
  const names = signed.split(';');
  const isComplete = ['content-type', 'host'].every((name) => names.includes(name));
  if (
    !isComplete ||
    service !== 'dnspod' ||
    signatureOf(request, date, service, names) !== signature
  ) {
    return dnspodRefusal('AuthFailure.SignatureFailure');
  }
  if (headers['x-tc-version'] !== '2021-03-23') return dnspodRefusal('NoSuchVersion');
  return String(headers['x-tc-action']);
}

/** Step by step as documented: canonical request, string to sign, derived key, signature. Values in lower case. */
function signatureOf(
  { method, headers, body }: ApiRequest,
  date: string,
  service: string,
  signed: readonly string[],
): string {
  const lines = signed
    .map((name) => `${name}:${String(headers[name]).trim().toLowerCase()}\n`)
    .join('');
  const canonical = `${method}\n/\n\n${lines}\n${signed.join(';')}\n${sha256(body)}`;
  const scope = `${date}/${service}/tc3_request`;
  const toSign = `TC3-HMAC-SHA256\n${headers['x-tc-timestamp']}\n${scope}\n${sha256(canonical)}`;
  const secretDate = hmac(`TC3${tencentKey.secretKey}`, date);
  const secretSigning = hmac(hmac(secretDate, service), 'tc3_request');
  return hmac(secretSigning, toSign).toString('hex');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

type Given = Readonly<Record<string, string & number>>;

function answer(store: RecordStore, call: string, given: Given, index: Index): ApiAnswer {
  if (call === 'DescribeDomainList') {
    const zones = store.zones.filter(({ addedAs }) => addedAs.includes(given.Keyword ?? ''));
    if (zones.length === 0) return dnspodRefusal('ResourceNotFound.NoDataOfDomain');
    return done({ DomainList: page(given, zones.map(zoneJson)) });
  }
  const zone = store.zoneNamed(given.Domain ?? '');
  if (!zone) return dnspodRefusal('InvalidParameterValue.DomainNotExists');
  const whole = (host: string) => (host === '@' ? zone.name : `${host}.${zone.name}`);
  switch (call) {
    case 'DescribeRecordList': {
      const records = zone.records
        .filter(
          ({ id, name, type }) =>
            index.isListed(id) &&
            name === whole(given.Subdomain ?? '@') &&
            type === given.RecordType,
        )
        .map(({ id, name, type, value }) => ({
          RecordId: Number(id),
          Name: name === zone.name ? '@' : name.slice(0, -zone.name.length - 1),
          Type: type,
          Value: value,
          Line: '默认',
          LineId: '0',
        }));
      if (records.length === 0 && (given.ErrorOnEmpty as string | undefined) !== 'no') {
        return dnspodRefusal('ResourceNotFound.NoDataOfRecord');
      }
      return done({ RecordList: page(given, records) });
    }
    case 'CreateRecord': {
      if (given.RecordLine !== '默认') return dnspodRefusal('InvalidParameter.RecordLineInvalid');
      if (Number(given.TTL) < 600) return dnspodRefusal('LimitExceeded.RecordTtlLimit');
      const added = store.addRecord(zone, {
        name: whole(given.SubDomain ?? '@'),
        type: given.RecordType ?? '',
        value: given.Value ?? '',
        ttl: Number(given.TTL),
      });
      if (!added) return dnspodRefusal('InvalidParameter.DomainRecordExist');
      index.added(added.id);
      return done({ RecordId: Number(added.id) });
    }
    case 'DeleteRecord':
      return store.removeRecord(zone, String(given.RecordId))
        ? done({})
        : dnspodRefusal('InvalidParameter.RecordIdInvalid');
    default:
      return dnspodRefusal('InvalidAction');
  }
}

function zoneJson({ addedAs, name, nameServers }: StoredZone) {
  return { Name: addedAs, Punycode: name, Status: 'ENABLE', EffectiveDNS: nameServers };
}

function done(body: object): ApiAnswer {
  return { status: 200, body: { Response: { RequestId: 'local', ...body } } };
}

function page<Item>(given: Given, all: readonly Item[]): readonly Item[] {
  const offset = Number(given.Offset ?? 0);
  return all.slice(offset, offset + Math.min(Number(given.Limit ?? 100), 3_000));
}
