import { randomUUID } from 'node:crypto';
import { domainToASCII } from 'node:url';
import { CertkeepError, type ErrorName, errorMessage } from '#shared/errors.ts';
import { withCredentials } from '../credentials.ts';
import { postJson } from '../records/json-request.ts';
import {
  nameInZone,
  normalName,
  type RecordApi,
  type RecordApiOptions,
  unquoted,
} from '../records/record-api.ts';
import type { alidnsCredentials } from './credentials.ts';
import { signAli } from './sign.ts';

/** https://api.aliyun.com/product/Alidns, the one region-less host */
const centralEndpoint = 'alidns.aliyuncs.com';
const version = '2015-01-09';

/** The most that a page of either listing holds. */
const perPage = 100;

/** The least that every edition allows; CAs ask the zone's servers, past any cache. */
const ttlSeconds = 600;

/**
 * Alibaba Cloud DNS (https://www.alibabacloud.com/help/en/dns/api-alidns-2015-01-09-overview). Its official SDK is
 * 2.3 MB in a bundle; the calls themselves are small. Zones are known by the names they were added under.
 */
export function alidnsClient(options: RecordApiOptions): RecordApi {
  const fields = [
    'accessKeyId',
    'accessKeySecret',
  ] as const satisfies (keyof typeof alidnsCredentials)[];
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
      throw refusal(status, body as Refusal);
    });
  }

  /** Every page of a listing. */
  async function listed<Item>(
    action: string,
    parameters: Readonly<Record<string, string>>,
    itemsOf: (page: Answer) => readonly Item[],
  ): Promise<readonly Item[]> {
    const items: Item[] = [];
    for (let page = 1; ; page += 1) {
      const paging = { PageNumber: String(page), PageSize: String(perPage) };
      const answer = await call(action, { ...parameters, ...paging });
      const found = itemsOf(answer);
      items.push(...found);
      if (found.length === 0 || items.length >= Number(answer.TotalCount ?? 0)) return items;
    }
  }

  return {
    async zonesIn(suffix) {
      const domains = await listed('DescribeDomains', { KeyWord: suffix }, domainsOf);
      return domains.map(({ DomainName = '', PunyCode, DnsServers }) => ({
        zoneId: DomainName,
        name: normalName(PunyCode || DomainName),
        nameServers: (DnsServers?.DnsServer ?? []).map(normalName),
      }));
    },

    async txtAt(zoneId, name) {
      const at = {
        DomainName: zoneId,
        SubDomain: `${hostRecord(zoneId, name)}.${zoneId}`,
        Type: 'TXT',
      };
      const records = await listed('DescribeSubDomainRecords', at, recordsOf);
      return records
        .filter(({ Type }) => Type === 'TXT')
        .map(({ RecordId = '', Value = '' }) => ({ recordId: RecordId, value: unquoted(Value) }));
    },

    create: (zoneId, { name, value }) =>
      unless('DomainRecordDuplicate', () =>
        call('AddDomainRecord', {
          DomainName: zoneId,
          RR: hostRecord(zoneId, name),
          Type: 'TXT',
          Value: value,
          TTL: String(ttlSeconds),
        }),
      ),

    remove: (_zoneId, recordId) =>
      unless('DomainRecordNotBelongToUser', () =>
        call('DeleteDomainRecord', { RecordId: recordId }),
      ),
  };
}

/** Zones go by the name that they were added under, which may be in another script. */
function hostRecord(zoneId: string, name: string): string {
  return nameInZone(name, domainToASCII(zoneId));
}

type Answer = Readonly<Record<string, unknown>>;
type Domain = {
  readonly DomainName?: string;
  readonly PunyCode?: string;
  readonly DnsServers?: { readonly DnsServer?: readonly string[] };
};
type DomainRecord = { readonly RecordId?: string; readonly Type?: string; readonly Value?: string };

function domainsOf({ Domains }: Answer): readonly Domain[] {
  return (Domains as { readonly Domain?: readonly Domain[] } | undefined)?.Domain ?? [];
}

function recordsOf({ DomainRecords }: Answer): readonly DomainRecord[] {
  return (DomainRecords as { readonly Record?: readonly DomainRecord[] } | undefined)?.Record ?? [];
}

async function unless(code: string, call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    const cause = error instanceof CertkeepError ? error.cause : null;
    if (!(cause instanceof AliError) || cause.code !== code) throw error;
  }
}

type Refusal = { readonly Code?: string; readonly Message?: string };

class AliError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}

function refusal(status: number, { Code = '', Message = '' }: Refusal): CertkeepError {
  const cause = new AliError(Code, Message);
  return new CertkeepError(nameOf(status, Code), `Alibaba Cloud DNS: ${errorMessage(cause)}`, {
    cause,
  });
}

/** https://www.alibabacloud.com/help/en/dns/api-alidns-2015-01-09-errorcodes */
const zoneCodes = /^(InvalidDomainName\.NoExist|IncorrectDomainUser)$/;
const credentialCodes =
  /^(InvalidAccessKeyId|InvalidSecurityToken|SignatureDoesNotMatch|IncompleteSignature|Forbidden\.(RAM|AccessKey|Unauthorized)|NoPermission)/;

function nameOf(status: number, code: string): ErrorName {
  if (status === 429 || code.startsWith('Throttling')) return 'DnsRateLimited';
  if (zoneCodes.test(code)) return 'ZoneNotFound';
  if (credentialCodes.test(code)) return 'DnsCredentialsRefused';
  const isTheirs = status >= 500 || code === 'ServiceUnavailable' || code === 'InternalError';
  return isTheirs ? 'DnsServiceUnreachable' : 'DnsChangeRefused';
}
