import { CertkeepError, type ErrorName } from '#shared/errors.ts';
import { withCredentials } from '../credentials.ts';
import { postJson } from '../records/json-request.ts';
import { everyPage } from '../records/pages.ts';
import {
  normalName,
  type RecordApi,
  type RecordApiOptions,
  unquoted,
} from '../records/record-api.ts';
import type { templateSpec } from './spec.ts';

const url = 'https://api.dns.example';
const perPage = 100;

type Zone = { readonly id: string; readonly name: string; readonly nameServers: readonly string[] };
type Record = { readonly id: string; readonly value: string };

/**
 * Only this file speaks to the service. Every call waits for its turn and ends with the run; every refusal becomes an error
 * of ours.
 */
export function templateClient(options: RecordApiOptions): RecordApi {
  const fields = ['token'] as const satisfies (keyof typeof templateSpec.credentials)[];
  const withToken = withCredentials({ ...options, fields });

  function ask<Answer>(call: string, body: object): Promise<Answer> {
    return withToken(async ({ token }) => {
      await options.pace();
      const { status, body: answer } = await postJson({
        url: new URL(`${options.baseUrl ?? url}/${call}`),
        headers: { authorization: `Bearer ${token.reveal()}` },
        body: JSON.stringify(body),
      });
      if (status === 200) return answer as Answer;
      const { code = 'none', message = '' } = answer as { code?: string; message?: string };
      throw new CertkeepError(errorFor(status, code), `template: ${status} ${code} ${message}`);
    });
  }

  return {
    listLagMs: 0,
    async zonesIn(suffix) {
      const zones = await everyPage(perPage, async (offset) => {
        const page = await ask<{ zones: readonly Zone[] }>('ListZones', { suffix, offset });
        return page.zones;
      });
      return zones.map(({ id, name, nameServers }) => ({
        zoneId: id,
        name: normalName(name),
        nameServers: nameServers.map(normalName),
      }));
    },
    async txtAt(zone, name) {
      const records = await everyPage(perPage, async (offset) => {
        const page = await ask<{ records: readonly Record[] }>('ListRecords', {
          zone,
          name,
          offset,
        });
        return page.records;
      });
      return records.map(({ id, value }) => ({ recordId: id, value: unquoted(value) }));
    },
    // The service returns a null id when an identical record exists.
    create: async (zone, { name, value }) =>
      (await ask<{ id: string | null }>('AddRecord', { zone, name, value })).id,
    remove: (zone, id) => ask('RemoveRecord', { zone, id }),
  };
}

/** An error has a name of its own only where a person or the workflow can act on it. */
function errorFor(status: number, code: string): ErrorName {
  if (status === 429) return 'DnsRateLimited';
  if (status === 401 || status === 403) return 'DnsCredentialsRefused';
  if (code === 'NoZone') return 'ZoneNotFound';
  return status >= 500 ? 'DnsServiceUnreachable' : 'DnsChangeRefused';
}
