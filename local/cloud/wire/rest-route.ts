import type { WireRequest } from './protocol.ts';
import { membersOf, type Operation, requiredMembers } from './schema.ts';
import type { RunningService } from './service-of.ts';

export type Found = {
  readonly operation: Operation;
  readonly labels: Readonly<Record<string, string>>;
};

type Route = {
  readonly operation: Operation;
  readonly pattern: RegExp;
  readonly labelNames: readonly string[];
  /** The query that the template requires: `?versions`, `?list-type=2`. */
  readonly query: readonly (readonly [string, string])[];
  /** The SDK adds this to distinguish operations; the aws command line does not send it. */
  readonly hint: string | null;
  /** Required headers and query that distinguish an operation: CopyObject from PutObject. */
  readonly demands: readonly ((request: WireRequest) => boolean)[];
  readonly inBucket: boolean;
};

/** Finds the operation of a REST request by method, path, required query and headers; the most specific wins. */
export function routesOf(service: RunningService, operations: readonly Operation[]) {
  const routes = operations.map(routeOf);
  return (request: WireRequest): Found | null => {
    const { bucket, path } =
      service.id === 's3'
        ? bucketAndPath(request.path)
        : { bucket: undefined, path: withoutEndSlash(request.path) };
    const candidates = routes.filter(
      (route) =>
        route.operation.http[0] === request.method &&
        (service.id !== 's3' || route.inBucket === (bucket !== undefined)) &&
        route.pattern.test(path) &&
        route.query.every(([name, value]) => request.query.get(name) === value) &&
        route.demands.every((isMet) => isMet(request)),
    );
    const best = candidates.sort(
      (a, b) => rank(b, request, service) - rank(a, request, service),
    )[0];
    if (!best) return null;
    return { operation: best.operation, labels: labelsOf(best, path, bucket) };
  };
}

function routeOf(operation: Operation): Route {
  const [template = '/', search = ''] = operation.http[1].split('?');
  const labelNames: string[] = [];
  const source = withoutEndSlash(template).replace(
    /\{([^}+]+)(\+?)\}/g,
    (_, name: string, greedy: string) => {
      labelNames.push(name);
      return greedy ? '(.+)' : '([^/]+)';
    },
  );
  const query = [...new URLSearchParams(search)];
  const members = new Map(membersOf(operation.input));
  const required = requiredMembers(operation.input);
  return {
    operation,
    pattern: new RegExp(`^${source}$`, 's'),
    labelNames,
    query: query.filter(([name]) => name !== 'x-id'),
    hint: query.find(([name]) => name === 'x-id')?.[1] ?? null,
    inBucket: Boolean(members.get('Bucket')?.getMergedTraits().httpLabel),
    demands: required.flatMap((name) => {
      const { httpHeader, httpQuery } = members.get(name)?.getMergedTraits() ?? {};
      if (httpHeader) return [(request) => httpHeader.toLowerCase() in request.headers];
      return httpQuery ? [(request: WireRequest) => request.query.has(httpQuery)] : [];
    }),
  };
}

/** Ranks specific routes before general ones; among equals the one that the SDK names, then the one implemented here. */
function rank(route: Route, request: WireRequest, service: RunningService): number {
  const hinted = route.hint !== null && route.hint === request.query.get('x-id');
  const specific = route.query.length + route.demands.length;
  return specific * 4 + (hinted ? 2 : 0) + (route.operation.name in service.operations ? 1 : 0);
}

/** Splits a path-style request: the SDK's templates leave the bucket out, since it is usually part of the host name. */
function bucketAndPath(path: string): { bucket: string | undefined; path: string } {
  const [, bucket = '', rest = ''] = /^\/([^/]*)(.*)$/s.exec(path) ?? [];
  if (bucket === '') return { bucket: undefined, path: '/' };
  return { bucket: decodeURIComponent(bucket), path: rest || '/' };
}

/** The aws command line ends some paths with a slash (`/hostedzone/Z1/rrset/`) where the SDK does not. */
function withoutEndSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

function labelsOf(route: Route, path: string, bucket: string | undefined): Record<string, string> {
  const [, ...values] = route.pattern.exec(path) ?? [];
  const labels = route.labelNames.map(
    (name, index) => [name, decodeURIComponent(values[index] ?? '')] as const,
  );
  return { ...Object.fromEntries(labels), ...(bucket === undefined ? {} : { Bucket: bucket }) };
}
