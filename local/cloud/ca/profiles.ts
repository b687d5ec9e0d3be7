import { refuse } from './problem.ts';

/** The certificates that a CA issues under a profile (draft-ietf-acme-profiles). */
type Profile = { readonly validityMs: number; readonly mostNames?: number };

export type Profiles = Readonly<Record<string, Profile>>;

/** The profile that an order names; null for the CA's own choice. */
export function orderedProfile(
  profiles: Profiles,
  asked: unknown,
  names: readonly string[],
): string | null {
  if (asked === undefined) return null;
  const profile = typeof asked === 'string' && Object.hasOwn(profiles, asked) && profiles[asked];
  if (!profile) return refuse('invalidProfile', `profile name "${asked}" not recognized`);
  const { mostNames = Number.POSITIVE_INFINITY } = profile;
  if (names.length > mostNames) {
    refuse('malformed', `Order cannot contain more than ${mostNames} identifiers`);
  }
  return asked as string;
}
