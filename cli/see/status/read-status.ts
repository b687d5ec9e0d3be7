import { namesOf } from '#shared/installation.ts';
import { mostBytes, textOf } from '#shared/object-store.ts';
import { statusKey } from '#shared/status/status-object.ts';
import { type Status, statusSchema } from '#shared/status/status-schema.ts';
import { parseJson } from '#shared/text/json.ts';
import { logCommand } from '#shared/text/log-command.ts';
import { CommandFailed } from '../../failure.ts';
import type { Location } from '../../reach/locate.ts';
import type { Reached } from '../../reach/reach.ts';

/**
 * Reads what check has written of the fleet.
 * @throws CommandFailed where there is nothing, or nothing that this release can read
 */
export async function fleetStatus({ location, objects }: Reached): Promise<Status> {
  const stored = await objects.get(statusKey, mostBytes.state);
  if (!stored) {
    throw new CommandFailed(
      `${bucketOf(location)} has no ${statusKey}: check has not run to its end yet`,
      logsOfCheck(location),
    );
  }
  return statusIn(textOf(stored.body), location);
}

/** @throws CommandFailed */
function statusIn(text: string, location: Location): Status {
  const json = parseJson(text);
  const { data } = statusSchema.safeParse(json);
  // Commands are made of it, which people paste into a shell: it is what was asked for, whatever the object says.
  const { account, installation: name, region } = location;
  if (data) return { ...data, installation: { name, account, region } };
  const version = (json as { readonly schemaVersion?: unknown } | undefined)?.schemaVersion;
  if (typeof version === 'number' && version > 1) {
    throw new CommandFailed(
      `${statusKey} is of a newer release of certkeep (version ${version} of its form): use the one that is deployed`,
      'npx certkeep --version',
    );
  }
  throw new CommandFailed(
    `${statusKey} in ${bucketOf(location)} cannot be read; the next check writes it anew`,
    logsOfCheck(location),
  );
}

function bucketOf({ account, installation, region }: Location): string {
  return namesOf({ installation, home: { account, region } }).bucket;
}

/** Check says there what keeps it from writing. */
export function logsOfCheck({ account, installation, region }: Location): string {
  const names = namesOf({ installation, home: { account, region } });
  return logCommand(names.logGroup('check'), region);
}
