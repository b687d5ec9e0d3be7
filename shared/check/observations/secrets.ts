import { inBatches, recordsAtOnce } from '#shared/each.ts';
import type { KeyWatch } from '#shared/keystores/key-store.ts';
import { type CertificateRecord, desiredVersion } from '#shared/ledger/record/record.ts';
import { type Clock, dayMs, hourMs, isPast } from '#shared/time/clock.ts';
import type { Observations, SecretSeen } from './observations.ts';

/** A secret is looked at once a day, and a version that has not been seen is looked at at once. */
const secretEveryMs = dayMs;
/** Check looks more often at one that is not well, so that people soon hear of its end. */
const badEveryMs = hourMs;
/** DescribeSecret allows 40 requests a second; a run looks at so many, and the next one goes on. */
const mostSecrets = 500;

/** Looks at the secrets whose turn it is, by certificate. */
export async function secretsSeen(
  { clock, keys }: { readonly clock: Clock; readonly keys: KeyWatch },
  records: readonly CertificateRecord[],
  { secrets }: Observations,
  failures: unknown[],
): Promise<Observations['secrets']> {
  const now = clock.now();
  const due = records.filter((record) => isSecretDue(record, secrets[record.id], now));
  const seen = await inBatches(
    due.slice(0, mostSecrets),
    recordsAtOnce,
    async ({ desired, id }) => {
      try {
        const versionId = desired ?? '';
        const state = await keys.stateOf(id, versionId);
        return [id, { versionId, at: now.toISOString(), state }] as const;
      } catch (error) {
        failures.push(error);
        return null;
      }
    },
  );
  return Object.fromEntries(seen.filter((each) => each !== null));
}

function isSecretDue(record: CertificateRecord, seen: SecretSeen | undefined, now: Date): boolean {
  const version = desiredVersion(record);
  if (!version) return false;
  return seen?.versionId !== version.id || isSecretDueAt(seen, now);
}

/** Says whether a secret is to be looked at again, or for the first time. */
export function isSecretDueAt(seen: SecretSeen | undefined, now: Date): boolean {
  return !seen || isPast(seen.at, seen.state === 'there' ? secretEveryMs : badEveryMs, now);
}
