import * as z from 'zod/mini';
import { type Clock, dayMs, minuteMs } from '#shared/time/clock.ts';
import type { AcmeAnswer } from '../answers.ts';
import { parse } from '../answers.ts';
import { pinned } from './pinned-url.ts';

const urls = [
  'newNonce',
  'newAccount',
  'newOrder',
  'revokeCert',
  'keyChange',
  'renewalInfo',
] as const;

const text = z.string();
const directorySchema = z.looseObject({
  newNonce: text,
  newAccount: text,
  newOrder: text,
  revokeCert: z.optional(text),
  /** Some CAs have none; only who replaces a key needs it, as it is here. */
  keyChange: z.catch(z.optional(text), undefined),
  /** RFC 9773 §3. */
  renewalInfo: z.optional(text),
  // Malformed metadata is no reason to reject the CA.
  meta: z.catch(
    z.optional(
      z.looseObject({
        caaIdentities: z.optional(z.array(text)),
        /** draft-ietf-acme-profiles §3: maps names to descriptions. */
        profiles: z.optional(z.record(text, z.unknown())),
      }),
    ),
    undefined,
  ),
});

export type Directory = z.infer<typeof directorySchema>;

const lifeMs = dayMs;

/** A younger directory is not checked for a move of the CA. */
const trustedMs = 10 * minuteMs;

/** RFC 8555 §7.1.1, read once a day. A directory that names another host is rejected. */
export function cachedDirectory(url: string, clock: Clock, fetch: () => Promise<AcmeAnswer>) {
  let cached: { readonly directory: Directory; readonly at: number } | undefined;

  async function read(): Promise<Directory> {
    const directory = parse(directorySchema, (await fetch()).data, `directory at ${url}`);
    const { renewalInfo, revokeCert } = directory;
    const resolved = {
      ...directory,
      newNonce: pinned(directory.newNonce, url),
      newAccount: pinned(directory.newAccount, url),
      newOrder: pinned(directory.newOrder, url),
      ...(revokeCert !== undefined && { revokeCert: pinned(revokeCert, url) }),
      ...(renewalInfo !== undefined && { renewalInfo: pinned(renewalInfo, url) }),
    };
    cached = { directory: resolved, at: clock.now().getTime() };
    return resolved;
  }

  const ageMs = () => (cached ? clock.now().getTime() - cached.at : Number.POSITIVE_INFINITY);
  return {
    directory: async (): Promise<Directory> =>
      cached && ageMs() < lifeMs ? cached.directory : read(),
    async hasMoved(): Promise<boolean> {
      if (!cached || ageMs() < trustedMs) return false;
      const before = cached.directory;
      const after = await read();
      return urls.some((name) => before[name] !== after[name]);
    },
  };
}
