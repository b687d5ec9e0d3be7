/** What lies at a path of keys; an entry of a list goes by its `id`, `arn`, `value` or `what`, so that it may move. */
export type Found = ReadonlyMap<string, unknown>;

/** Maps of entries by a key of their own: a further key is a further entry, and no field. */
const maps = [
  ...['leases', 'imports', 'deployments', 'replicas', 'fallbacks', 'details'],
  ...['revisions', 'verdicts', 'usesTold', 'givenBack'],
];

/** A record, or another object of the ledger, as a newer release may have written it: with a field more in every object. */
export function ofNewerRelease<Json>(json: Json, value: unknown = 'kept'): Json {
  return decorated(json, '', value) as Json;
}

function decorated(json: unknown, key: string, value: unknown): unknown {
  if (Array.isArray(json)) return json.map((each) => decorated(each, '', value));
  if (json === null || typeof json !== 'object') return json;
  const inner = Object.entries(json).map(([name, each]) => [name, decorated(each, name, value)]);
  const own = Object.fromEntries(inner);
  return maps.includes(key) ? own : { ...own, ofNewer: value };
}

/** Every field of a newer release, by where it is. */
export function foreignIn(json: unknown, path = ''): Found {
  if (json === null || typeof json !== 'object') return new Map();
  const found = Object.entries(json).flatMap(([name, each]): [string, unknown][] => {
    if (name === 'ofNewer') return [[path, each]];
    return [...foreignIn(each, `${path}/${Array.isArray(json) ? nameOf(each) : name}`)];
  });
  return new Map(found);
}

function nameOf(entry: unknown): string {
  const { id, arn, value, what, at } = Object(entry);
  return String(id ?? arn ?? value ?? what ?? at);
}
