import { inBatches } from '#shared/each.ts';
import { isCertkeepError } from '#shared/errors.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { CommandFailed } from '../../failure.ts';
import type { Reached } from '../../reach/reach.ts';
import { isDenied } from '../../reach/read-failure.ts';
import { fleetStatus } from '../../see/status/read-status.ts';
import type { Before } from './state.ts';

type Read = (id: string) => Promise<CertificateRecord | null>;

const atOnce = 4;

/**
 * Reads how certificates are before somebody asks for something.
 * @throws CommandFailed where they cannot be read, with the command that does without
 */
export async function startsOf(
  reached: Reached,
  ids: readonly string[],
  { read, withoutFollowing }: { readonly read: Read; readonly withoutFollowing: string },
): Promise<readonly Before[]> {
  try {
    const records = await inBatches(ids, atOnce, (id) => read(id).catch(unlessUnknown));
    const targets = await targetsOf(reached);
    return ids.map((id, index) => ({
      id,
      record: records[index] ?? null,
      targets: targets.get(id) ?? null,
    }));
  } catch (error) {
    if (!(error instanceof CommandFailed && isDenied(error.cause))) throw error;
    const message = `Nothing was done: it could not be followed: ${error.message}`;
    throw new CommandFailed(message, withoutFollowing, { cause: error });
  }
}

/** Check refuses what is no certificate, and says which there are. */
function unlessUnknown(error: unknown): null {
  if (isCertkeepError(error, 'CertificateUnknown')) return null;
  throw error;
}

/** Nothing is known before the first check has ended. */
async function targetsOf(reached: Reached): Promise<ReadonlyMap<string, number>> {
  try {
    const { certificates } = await fleetStatus(reached);
    return new Map(certificates.map(({ id, targets }) => [id, targets]));
  } catch (error) {
    if (error instanceof CommandFailed && !isDenied(error.cause)) return new Map();
    throw error;
  }
}
