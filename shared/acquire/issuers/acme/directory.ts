import * as z from 'zod/mini';
import { type Clock, dayMs } from '#shared/clock.ts';
import { parse } from './answers.ts';
import type { AcmeAnswer } from './client.ts';
import { onHost } from './transport.ts';

const resources = ['newNonce', 'newAccount', 'newOrder'] as const;

const text = z.string();
const directorySchema = z.looseObject({
  newNonce: text,
  newAccount: text,
  newOrder: text,
  /** RFC 9773 §3. */
  renewalInfo: z.optional(text),
  // What is wrong with it is no reason not to use the CA.
  meta: z.catch(
    z.optional(
      z.looseObject({
        caaIdentities: z.optional(z.array(text)),
        /** draft-ietf-acme-profiles §3: name to description. */
        profiles: z.optional(z.record(text, z.unknown())),
      }),
    ),
    undefined,
  ),
});

export type Directory = z.infer<typeof directorySchema>;

const lifeMs = dayMs;

/** RFC 8555 §7.1.1, read once a day. A directory that points to another host is not believed. */
export function cachedDirectory(url: string, clock: Clock, fetch: () => Promise<AcmeAnswer>) {
  const { host } = new URL(url);
  let cached: { readonly directory: Directory; readonly until: number } | undefined;
  return async (): Promise<Directory> => {
    const now = clock.now().getTime();
    if (cached && now < cached.until) return cached.directory;
    const directory = parse(directorySchema, (await fetch()).data, `directory at ${url}`);
    for (const name of resources) onHost(directory[name], host);
    if (directory.renewalInfo !== undefined) onHost(directory.renewalInfo, host);
    cached = { directory, until: now + lifeMs };
    return directory;
  };
}
