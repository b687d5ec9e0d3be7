import type { FreedomName } from './catalogue.ts';

/** Whether a freedom is taken. */
export type Is = (name: FreedomName) => boolean;

export type Urls = {
  /** As the CA writes the URL of a resource in an object. */
  inBody(path: string): string;
  /** As it writes it into a Location field. */
  inLocation(path: string): string;
  /** What a client signs (RFC 8555 §6.4): the string it was given, or what a reference resolves to. */
  signed(path: string): string;
  /** The path of a request, as the resource has it. */
  pathOf(requested: string): string;
};

/** Orders and accounts are named by Location, everything else in objects. */
const byLocation = /^\/(account|order)\/\d+$/;

export function urlsAt(origin: string, is: Is): Urls {
  const query = is('urlsWithQuery') ? '?v=1&of=%7Ea' : '';
  const absolute = (path: string) =>
    `${origin}${is('urlsNotNormal') ? '/x/..' : ''}${path}${query}`;
  const relative = (path: string) => `${path}${query}`;
  const inBody = is('relativeUrls') ? relative : absolute;
  const inLocation = is('relativeLocation') ? relative : absolute;
  return {
    inBody,
    inLocation,
    signed(path) {
      const written = (byLocation.test(path) ? inLocation : inBody)(path);
      return written.startsWith('/') ? `${origin}${written}` : written;
    },
    pathOf: (requested) => new URL(requested, origin).pathname,
  };
}
