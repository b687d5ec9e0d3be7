import type { ErrorName } from '#shared/errors.ts';
import { secondMs } from '#shared/time/clock.ts';
import { withCredentials } from '../credentials.ts';
import { postJson } from '../records/json-request.ts';
import { everyPage } from '../records/pages.ts';
import {
  keywordFor,
  nameInZone,
  normalName,
  type RecordApi,
  type RecordApiOptions,
  unquoted,
} from '../records/record-api.ts';
import { orElse, type Refusal, refusedBy } from '../records/refusal.ts';
import { signTencent } from './sign.ts';
import type { dnspodSpec } from './spec.ts';

/** https://www.tencentcloud.com/document/api/1157/49041 */
const centralEndpoint = 'dnspod.tencentcloudapi.com';
const version = '2021-03-23';

/** A listing returns up to 3,000 items at once; smaller answers arrive in time. */
const perPage = 500;

/** The lowest TTL that every plan allows. CAs ask the zone's own servers, so no cache delays them. */
const ttlSeconds = 600;

/** "Newly added records have a short index delay": https://cloud.tencent.com/document/api/1427/56166 */
const listLagMs = 30 * secondMs;

/** This line answers everybody, wherever they are. Its name differs between the sites, its id does not. */
const everywhere = { RecordLine: '默认', RecordLineId: '0' };

/**
 * DNSPod (https://www.tencentcloud.com/document/product/1157). The official SDK adds 536 KB to a bundle, three fifths of
 * the issue function's limit; the calls themselves are small. A zone is known by the name under which it was added.
 */
export function dnspodClient(options: RecordApiOptions): RecordApi {
  const fields = [
    'secretId',
    'secretKey',
  ] as const satisfies (keyof typeof dnspodSpec.credentials)[];
  const withKey = withCredentials({ ...options, fields });
  const url = new URL(options.baseUrl ?? `https://${options.endpoint ?? centralEndpoint}`);

  function call(action: string, parameters: object): Promise<Answer> {
    return withKey(async ({ secretId, secretKey }) => {
      await options.pace();
      const body = JSON.stringify(parameters);
      const headers = signTencent(
        { host: url.host, service: 'dnspod', action, version, body, at: options.clock.now() },
        { secretId: secretId.reveal(), secretKey: secretKey.reveal() },
      );
      const { status, body: answer } = await postJson({ url, headers, body });
      const { Response = {} } = answer as { Response?: Answer & { Error?: Refusal } };
      // The service sends refusals with status 200.
      if (status < 300 && !Response.Error) return Response;
      const refusal = Response.Error ?? {};
      throw refusedBy('DNSPod', nameOf(status, refusal), refusal);
    });
  }

  function listed<Item>(
    action: string,
    parameters: object,
    itemsOf: (page: Answer) => readonly Item[],
  ): Promise<readonly Item[]> {
    return everyPage(perPage, async (seen) =>
      itemsOf(await call(action, { ...parameters, Offset: seen, Limit: perPage })),
    );
  }

  return {
    listLagMs,

    async zonesIn(suffix) {
      const Keyword = keywordFor(suffix);
      const asked = listed('DescribeDomainList', Keyword ? { Keyword } : {}, domainsOf);
      const domains = await orElse(['ResourceNotFound.NoDataOfDomain'], [], asked);
      return domains.map(({ Name = '', Punycode, EffectiveDNS }) => ({
        zoneId: Name,
        name: normalName(Punycode || Name),
        nameServers: (EffectiveDNS ?? []).map(normalName),
      }));
    },

    async txtAt(Domain, name) {
      const Subdomain = nameInZone(name, Domain);
      const at = { Domain, Subdomain, RecordType: 'TXT', ErrorOnEmpty: 'no' };
      const asked = listed('DescribeRecordList', at, recordsOf);
      const records = await orElse(['ResourceNotFound.NoDataOfRecord'], [], asked);
      return records
        .filter((record) => record.Type === 'TXT' && record.Name === Subdomain)
        .map(({ RecordId, Value = '' }) => ({
          recordId: String(RecordId),
          value: unquoted(Value),
        }));
    },

    async create(Domain, { name, value }) {
      const record = {
        Domain,
        SubDomain: nameInZone(name, Domain),
        RecordType: 'TXT',
        ...everywhere,
        Value: value,
        TTL: ttlSeconds,
      };
      const there = ['InvalidParameter.DomainRecordExist'];
      const answer = await orElse(there, null, call('CreateRecord', record));
      return answer && recordIdOf(answer);
    },

    async remove(Domain, recordId) {
      const gone = ['InvalidParameter.RecordIdInvalid', 'ResourceNotFound.NoDataOfRecord'];
      await orElse(gone, null, call('DeleteRecord', { Domain, RecordId: Number(recordId) }));
    },
  };
}

type Answer = Readonly<Record<string, unknown>>;
type Domain = {
  readonly Name?: string;
  readonly Punycode?: string;
  readonly EffectiveDNS?: readonly string[] | null;
};
type DomainRecord = {
  readonly RecordId?: number;
  readonly Name?: string;
  readonly Type?: string;
  readonly Value?: string;
};

function recordIdOf({ RecordId }: Answer): string | null {
  return typeof RecordId === 'number' ? String(RecordId) : null;
}

function domainsOf({ DomainList }: Answer): readonly Domain[] {
  return (DomainList as readonly Domain[] | null | undefined) ?? [];
}

function recordsOf({ RecordList }: Answer): readonly DomainRecord[] {
  return (RecordList as readonly DomainRecord[] | null | undefined) ?? [];
}

/** tencentcloud-sdk-go, dnspod/v20210323/errors.go, and the common codes of https://www.tencentcloud.com/document/api/1157/49044 */
const zoneCodes =
  /^(InvalidParameterValue\.DomainNotExists|InvalidParameter\.Domain(Id)?Invalid|FailedOperation\.NotDomainOwner|OperationDenied\.NoPermissionToOperateDomain)$/;
const credentialCodes =
  /^(AuthFailure|UnauthorizedOperation|OperationDenied\.AccessDenied|FailedOperation\.Login|InvalidParameter\.(LoginToken|AccountIsBanned|RequestIpLimited))/;

function nameOf(status: number, { Code: code = '' }: Refusal): ErrorName {
  if (status === 429 || code.startsWith('RequestLimitExceeded')) return 'DnsRateLimited';
  if (zoneCodes.test(code)) return 'ZoneNotFound';
  if (credentialCodes.test(code)) return 'DnsCredentialsRefused';
  return status >= 500 || code.startsWith('InternalError')
    ? 'DnsServiceUnreachable'
    : 'DnsChangeRefused';
}
