import { type ApiAnswer, type ApiRequest, type ApiServer, startApi } from './api-server.ts';
import type { RecordStore, StoredRecord, StoredZone } from './record-store.ts';

export const cloudflareToken = 'cf-token-0123456789abcdefghijklmnopqrstu';

/**
 * Cloudflare's API v4 as far as it is used here: a bearer token, envelopes with `result_info`, filters by name.
 * https://developers.cloudflare.com/api/resources/zones/methods/list/ and /resources/dns/subresources/records/
 */
export function startCloudflareApi(store: RecordStore): Promise<ApiServer> {
  return startApi({ identify, answer: (call, request) => answer(store, call, request) });
}

export function cloudflareRefusal(status: number, code: number, message: string): ApiAnswer {
  return {
    status,
    body: { success: false, errors: [{ code, message }], messages: [], result: null },
  };
}

function identify({ method, url, headers }: ApiRequest): string | ApiAnswer {
  if (headers.authorization !== `Bearer ${cloudflareToken}`) {
    return cloudflareRefusal(403, 9109, 'Invalid access token');
  }
  const path = url.pathname.split('/').filter((part) => part !== '');
  if (path[0] === 'zones' && path.length === 1) return `${method} zones`;
  return path[2] === 'dns_records'
    ? `${method} dns_records`
    : cloudflareRefusal(400, 7000, 'No route for that URI');
}

function answer(store: RecordStore, call: string, { url, body }: ApiRequest): ApiAnswer {
  if (call === 'GET zones') return page(url, zonesLike(store, url).map(zoneJson));
  const [, zoneId, , recordId = ''] = url.pathname.split('/').filter((part) => part !== '');
  const zone = store.zones.find(({ id }) => id === zoneId);
  if (!zone) return cloudflareRefusal(404, 7003, `Could not route to /zones/${zoneId}`);
  switch (call) {
    case 'GET dns_records':
      return page(
        url,
        recordsLike(zone, url).map((record) => recordJson(zone, record)),
      );
    case 'POST dns_records': {
      const { type, name, content, ttl } = JSON.parse(body);
      const added = store.addRecord(zone, { type, name, value: content, ttl });
      return added
        ? done(recordJson(zone, added))
        : cloudflareRefusal(400, 81058, 'An identical record already exists.');
    }
    case 'DELETE dns_records':
      return store.removeRecord(zone, recordId)
        ? done({ id: recordId })
        : cloudflareRefusal(404, 81044, 'Record does not exist.');
    default:
      return cloudflareRefusal(405, 10405, 'Method not allowed');
  }
}

function zonesLike(store: RecordStore, url: URL): readonly StoredZone[] {
  const named = url.searchParams.get('name');
  if (named === null) return store.zones;
  const [operator, text = ''] = named.split(':');
  if (operator !== 'ends_with')
    throw new Error(`the local Cloudflare knows no operator ${operator}`);
  return store.zones.filter(({ addedAs }) => addedAs.endsWith(text));
}

function recordsLike(zone: StoredZone, url: URL): readonly StoredRecord[] {
  const name = url.searchParams.get('name.exact');
  const type = url.searchParams.get('type');
  return zone.records.filter((record) => record.name === name && record.type === type);
}

/** Names in other scripts come as people write them, and are found by their A-labels among records alone. */
function zoneJson({ id, addedAs, nameServers }: StoredZone) {
  return { id, name: addedAs, status: 'active', name_servers: nameServers };
}

function recordJson(zone: StoredZone, { id, name, type, value, ttl }: StoredRecord) {
  const shown = `${name.slice(0, -zone.name.length)}${zone.addedAs}`;
  return { id, name: shown, type, content: value, ttl, proxied: false };
}

function done(result: unknown): ApiAnswer {
  return { status: 200, body: { success: true, errors: [], messages: [], result } };
}

function page(url: URL, all: readonly unknown[]): ApiAnswer {
  const number = Number(url.searchParams.get('page') ?? 1);
  const size = Number(url.searchParams.get('per_page') ?? 20);
  const result = all.slice((number - 1) * size, number * size);
  const info = { page: number, per_page: size, count: result.length, total_count: all.length };
  return {
    status: 200,
    body: { success: true, errors: [], messages: [], result, result_info: info },
  };
}
