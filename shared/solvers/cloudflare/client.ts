import {
  APIConnectionError,
  APIConnectionTimeoutError,
  APIError,
  APIUserAbortError,
} from 'cloudflare/core/error';
import { BaseRecords } from 'cloudflare/resources/dns/records';
import { BaseZones } from 'cloudflare/resources/zones/zones';
import { createClient } from 'cloudflare/tree-shakable';
import { CertkeepError, type ErrorName } from '#shared/errors.ts';
import { addMs, type Clock, secondMs } from '#shared/time/clock.ts';
import { deadlineSignal } from '#shared/time/deadline.ts';
import { withCredentials } from '../credentials.ts';
import type { Pace } from '../pace.ts';
import { unreachable } from '../records/json-request.ts';
import {
  keywordFor,
  normalName,
  type RecordApi,
  type RecordApiOptions,
  unquoted,
} from '../records/record-api.ts';
import type { cloudflareSpec } from './spec.ts';

const cloudflareUrl = 'https://api.cloudflare.com/client/v4';

/** A page holds at most this many (https://developers.cloudflare.com/api/resources/zones/methods/list/). */
const zonesPerPage = 50;
const recordsPerPage = 100;

/** The lowest TTL that every plan allows. CAs ask the zone's own servers, so no cache delays them. */
const ttlSeconds = 60;

export function cloudflareClient(options: RecordApiOptions): RecordApi {
  const fields = ['apiToken'] as const satisfies (keyof typeof cloudflareSpec.credentials)[];
  const withToken = withCredentials({ ...options, fields });

  function ask<T>(call: (client: Client, request: RequestOptions) => Promise<T>): Promise<T> {
    return withToken(async ({ apiToken }) => {
      await options.pace();
      const signal = deadlineSignal();
      try {
        return await call(clientWith(apiToken.reveal(), options), { ...(signal && { signal }) });
      } catch (error) {
        deadlineSignal()?.throwIfAborted();
        throw translated(error, options.clock);
      }
    });
  }

  return {
    listLagMs: 0,

    zonesIn: (suffix) =>
      ask(async (client, request) => {
        const keyword = keywordFor(suffix);
        const named = keyword === null ? {} : { name: `ends_with:${keyword}` };
        const query = { ...named, per_page: zonesPerPage };
        const zones = await allPages(client.zones.list(query, request), zonesPerPage, options.pace);
        return zones.map(({ id, name, name_servers, vanity_name_servers }) => ({
          zoneId: id,
          name: normalName(name),
          nameServers: [...(name_servers ?? []), ...(vanity_name_servers ?? [])].map(normalName),
        }));
      }),

    txtAt: (zone_id, name) =>
      ask(async (client, request) => {
        const query = { type: 'TXT', name: { exact: name }, per_page: recordsPerPage } as const;
        const listing = client.dns.records.list({ zone_id, ...query }, request);
        const records = await allPages(listing, recordsPerPage, options.pace);
        return records
          .filter((record) => record.type === 'TXT' && normalName(record.name) === name)
          .map(({ id, content }) => ({ recordId: id, value: unquoted(content ?? '') }));
      }),

    create: (zone_id, { name, value }) =>
      orNull(
        recordExists,
        ask(async (client, request) => {
          const record = { type: 'TXT', name, content: `"${value}"`, ttl: ttlSeconds } as const;
          const { id } = await client.dns.records.create({ zone_id, ...record }, request);
          return id;
        }),
      ),

    async remove(zone_id, recordId) {
      const asked = ask((client, request) =>
        client.dns.records.delete(recordId, { zone_id }, request),
      );
      await orNull(recordGone, asked);
    },
  };
}

type Page<Item> = {
  readonly result: readonly Item[];
  getNextPage(): Promise<Page<Item>>;
};

/** The SDK itself reads on until a page is empty, which costs one more request. */
async function allPages<Item>(
  first: PromiseLike<Page<Item>>,
  perPage: number,
  pace: Pace,
): Promise<readonly Item[]> {
  let page = await first;
  const items = [...page.result];
  while (page.result.length === perPage) {
    await pace();
    page = await page.getNextPage();
    items.push(...page.result);
  }
  return items;
}

type RequestOptions = { readonly signal?: AbortSignal };
type Client = ReturnType<typeof clientWith>;

/** The client reads nothing from the environment, and the solver decides what to retry. */
function clientWith(apiToken: string, { baseUrl = cloudflareUrl }: RecordApiOptions) {
  return createClient({
    apiToken,
    apiKey: null,
    apiEmail: null,
    userServiceKey: null,
    baseURL: baseUrl,
    maxRetries: 0,
    timeout: 20 * secondMs,
    fetchOptions: { redirect: 'error' },
    logLevel: 'off',
    resources: [BaseZones, BaseRecords],
  });
}

/** An identical record exists (81058). Cloudflare used 81057 for this before it distinguished the cases. */
const recordExists = [81057, 81058];
const recordGone = [81044];
/** The zone does not exist or the token cannot see it: 7003 "could not route", 1001 "invalid zone identifier". */
const zoneGone = [7000, 7003, 1001];
/** With status 400, the token is malformed (cloudflare/cloudflare-typescript#161, jeessy2/ddns-go#916). */
const tokenMalformed = [6003];

async function orNull<T>(codes: readonly number[], asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    const cause = error instanceof CertkeepError ? error.cause : null;
    if (codesOf(cause).some((code) => codes.includes(code))) return null;
    throw error;
  }
}

function codesOf(error: unknown): readonly number[] {
  return error instanceof APIError ? error.errors.map(({ code }) => code ?? 0) : [];
}

function translated(error: unknown, clock: Clock): unknown {
  const host = new URL(cloudflareUrl).host;
  if (error instanceof SyntaxError) return unreachable(host, error);
  if (error instanceof APIUserAbortError || !(error instanceof APIError)) return error;
  if (error instanceof APIConnectionTimeoutError) {
    return new CertkeepError('DnsServiceUnreachable', `${host}: no answer in time`, {
      cause: error,
    });
  }
  if (error instanceof APIConnectionError) return unreachable(host, error);
  const words = error.errors.map(({ code, message }) => `${code} ${message}`).join('; ');
  return new CertkeepError(
    nameOf(error),
    `Cloudflare: ${error.status} ${words || 'without a reason'}`,
    { cause: error, retryAt: retryAtOf(error, clock) },
  );
}

function nameOf(error: APIError): ErrorName {
  const { status = 0 } = error;
  if (status === 429) return 'DnsRateLimited';
  if (codesOf(error).some((code) => zoneGone.includes(code))) return 'ZoneNotFound';
  const isMalformed = codesOf(error).some((code) => tokenMalformed.includes(code));
  if (status === 401 || status === 403 || isMalformed) return 'DnsCredentialsRefused';
  return status >= 500 ? 'DnsServiceUnreachable' : 'DnsChangeRefused';
}

/**
 * Retry-After holds whole seconds and comes only with a 429:
 * https://developers.cloudflare.com/fundamentals/api/reference/limits/
 */
function retryAtOf({ status, headers }: APIError, clock: Clock): Date | null {
  const seconds = Number(headers?.get('retry-after') ?? Number.NaN);
  return status === 429 && seconds > 0 ? addMs(clock.now(), seconds * secondMs) : null;
}
