import { type ApiAnswer, type ApiRequest, type ApiServer, startApi } from './api-server.ts';
import type { RecordStore } from './record-store.ts';

export const templateToken = 'template-token-0123456789';

/** The service that the template of a solver speaks to. */
export function startTemplateApi(store: RecordStore): Promise<ApiServer> {
  return startApi({ identify, answer: (call, request) => answer(store, call, request) });
}

export function templateRefusal(status: number, code: string): ApiAnswer {
  return { status, body: { code, message: 'refused' } };
}

function identify({ headers, url }: ApiRequest): string | ApiAnswer {
  const isKnown = headers.authorization === `Bearer ${templateToken}`;
  return isKnown ? url.pathname.slice(1) : templateRefusal(401, 'NotAllowed');
}

function answer(store: RecordStore, call: string, { body }: ApiRequest): ApiAnswer {
  const asked = JSON.parse(body);
  const page = <Item>(all: readonly Item[]) => all.slice(asked.offset, asked.offset + 100);
  if (call === 'ListZones') {
    const zones = store.zones.map(({ addedAs, id, nameServers }) => ({
      id,
      name: addedAs,
      nameServers,
    }));
    return { status: 200, body: { zones: page(zones) } };
  }
  const zone = store.zones.find(({ id }) => id === asked.zone);
  if (!zone) return templateRefusal(404, 'NoZone');
  switch (call) {
    case 'ListRecords': {
      const at = zone.records.filter(({ name, type }) => type === 'TXT' && name === asked.name);
      return { status: 200, body: { records: page(at) } };
    }
    case 'AddRecord': {
      const { name, value } = asked;
      const added = store.addRecord(zone, { name, value, type: 'TXT', ttl: 60 });
      return { status: 200, body: { id: added?.id ?? null } };
    }
    case 'RemoveRecord':
      store.removeRecord(zone, asked.id);
      return { status: 200, body: {} };
    default:
      return templateRefusal(404, 'NoCall');
  }
}
