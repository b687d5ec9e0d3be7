import { randomUUID } from 'node:crypto';
import type { ErrorName } from '#shared/errors.ts';
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
import { signAli } from './sign.ts';
import type { alidnsSpec } from './spec.ts';

/** https://api.aliyun.com/product/Alidns lists one host that belongs to no region. */
const centralEndpoint = 'alidns.aliyuncs.com';
const version = '2015-01-09';

/** Both listings return at most this many items per page. */
const perPage = 100;

/** The lowest TTL that every edition allows. CAs ask the zone's own servers, so no cache delays them. */
const ttlSeconds = 600;

/**
 * Alibaba Cloud DNS (https://www.alibabacloud.com/help/en/dns/api-alidns-2015-01-09-overview). The official SDK adds 2.3 MB
 * to a bundle; the calls themselves are small. A zone is known by the name under which it was added.
 */
export function alidnsClient(options: RecordApiOptions): RecordApi {
  const fields = [
    'accessKeyId',
    'accessKeySecret',
  ] as const satisfies (keyof typeof alidnsSpec.credentials)[];
  const withKey = withCredentials({ ...options, fields });
  const host = options.endpoint ?? centralEndpoint;
  const url = new URL(options.baseUrl ?? `https://${host}`);

  function call(action: string, parameters: Readonly<Record<string, string>>): Promise<Answer> {
    return withKey(async ({ accessKeyId, accessKeySecret }) => {
      await options.pace();
      const { query, headers } = signAli(
        {
          host: url.host,
          action,
          version,
          parameters,
          at: options.clock.now(),
          nonce: randomUUID(),
        },
        { accessKeyId: accessKeyId.reveal(), accessKeySecret: accessKeySecret.reveal() },
      );
      const { status, body } = await postJson({ url: new URL(`/?${query}`, url), headers });
      if (status >= 200 && status < 300) return body;
      const refusal = body as Refusal;
      throw refusedBy('Alibaba Cloud DNS', nameOf(status, refusal), refusal);
    });
  }

  function listed<Item>(
    action: string,
    parameters: Readonly<Record<string, string>>,
    itemsOf: (page: Answer) => readonly Item[],
  ): Promise<readonly Item[]> {
    return everyPage(perPage, async (seen) => {
      const paging = { PageNumber: String(1 + seen / perPage), PageSize: String(perPage) };
      return itemsOf(await call(action, { ...parameters, ...paging }));
    });
  }

  return {
    listLagMs: 0,

    async zonesIn(suffix) {
      const KeyWord = keywordFor(suffix);
      const domains = await listed('DescribeDomains', KeyWord ? { KeyWord } : {}, domainsOf);
      return domains.map(({ DomainName = '', PunyCode, DnsServers }) => ({
        zoneId: DomainName,
        name: normalName(PunyCode || DomainName),
        nameServers: (DnsServers?.DnsServer ?? []).map(normalName),
      }));
    },

    async txtAt(zoneId, name) {
      const at = {
        DomainName: zoneId,
        SubDomain: `${nameInZone(name, zoneId)}.${zoneId}`,
        Type: 'TXT',
      };
      const records = await listed('DescribeSubDomainRecords', at, recordsOf);
      return records
        .filter(({ Type }) => Type === 'TXT')
        .map(({ RecordId = '', Value = '' }) => ({ recordId: RecordId, value: unquoted(Value) }));
    },

    async create(zoneId, { name, value }) {
      const record = {
        DomainName: zoneId,
        RR: nameInZone(name, zoneId),
        Type: 'TXT',
        Value: value,
        TTL: String(ttlSeconds),
      };
      const there = ['DomainRecordDuplicate'];
      const answer = await orElse(there, null, call('AddDomainRecord', record));
      return answer && recordIdOf(answer);
    },

    async remove(_zoneId, recordId) {
      const gone = ['DomainRecordNotBelongToUser'];
      await orElse(gone, null, call('DeleteDomainRecord', { RecordId: recordId }));
    },
  };
}

type Answer = Readonly<Record<string, unknown>>;
type Domain = {
  readonly DomainName?: string;
  readonly PunyCode?: string;
  readonly DnsServers?: { readonly DnsServer?: readonly string[] };
};
type DomainRecord = { readonly RecordId?: string; readonly Type?: string; readonly Value?: string };

function recordIdOf({ RecordId }: Answer): string | null {
  return typeof RecordId === 'string' ? RecordId : null;
}

function domainsOf({ Domains }: Answer): readonly Domain[] {
  return (Domains as { readonly Domain?: readonly Domain[] } | undefined)?.Domain ?? [];
}

function recordsOf({ DomainRecords }: Answer): readonly DomainRecord[] {
  return (DomainRecords as { readonly Record?: readonly DomainRecord[] } | undefined)?.Record ?? [];
}

/** https://www.alibabacloud.com/help/en/dns/api-alidns-2015-01-09-errorcodes */
const zoneCodes = /^(InvalidDomainName\.NoExist|IncorrectDomainUser)$/;
const credentialCodes =
  /^(InvalidAccessKeyId|InvalidSecurityToken|SignatureDoesNotMatch|IncompleteSignature|Forbidden\.(RAM|AccessKey|Unauthorized)|NoPermission)/;

function nameOf(status: number, { Code: code = '' }: Refusal): ErrorName {
  if (status === 429 || code.startsWith('Throttling')) return 'DnsRateLimited';
  if (zoneCodes.test(code)) return 'ZoneNotFound';
  if (credentialCodes.test(code)) return 'DnsCredentialsRefused';
  const isTheirs = status >= 500 || code === 'ServiceUnavailable' || code === 'InternalError';
  return isTheirs ? 'DnsServiceUnreachable' : 'DnsChangeRefused';
}
