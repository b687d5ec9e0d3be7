import { CertkeepError } from '#shared/errors.ts';
import { cleanText } from '#shared/text/plain-text.ts';
import type { Directory } from './wire/directory.ts';

/**
 * draft-ietf-acme-profiles §4: an order names a profile from the directory's list. This checks before the order, since a CA
 * without profiles ignores the field and issues something else.
 * @throws CertkeepError ProfileUnavailable
 */
export function checkProfile(profile: string | undefined, directory: Directory): void {
  if (profile === undefined) return;
  const offered = profilesOf(directory);
  if (offered?.includes(profile)) return;
  const has = offered ? `offers ${cleanText(offered.join(', '), 300)}` : 'has no profiles';
  throw new CertkeepError('ProfileUnavailable', `profile ${profile}: the CA ${has}`);
}

export function profilesOf({ meta }: Directory): readonly string[] | null {
  return meta?.profiles ? Object.keys(meta.profiles) : null;
}
