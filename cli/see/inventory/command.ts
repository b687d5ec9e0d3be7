import { existsSync } from 'node:fs';
import { eachOf } from '#shared/each.ts';
import { errorMessage } from '#shared/errors.ts';
import { placeKey } from '#shared/place.ts';
import { regionPattern } from '#shared/region.ts';
import { systemClock } from '#shared/time/clock.ts';
import { awsAsCaller } from '../../aws/callers.ts';
import { surroundingsOf } from '../../aws/connection.ts';
import { CommandFailed, noteText } from '../../failure.ts';
import { readConfigFile } from '../../reach/read-config.ts';
import type { Terminal } from '../../terminal.ts';
import { safeJson } from '../../text/safe-json.ts';
import type { Found } from './found.ts';
import { certificatesIn } from './look.ts';
import { inventoryCsv, inventoryPage, needsSomebody } from './page.ts';
import { placesToLookAt } from './places.ts';
import { inventoryOf } from './renewed-by.ts';

export type InventoryOptions = {
  readonly region: readonly string[];
  readonly config?: string;
  readonly local?: true;
  readonly all: boolean;
  readonly json: boolean;
  readonly csv: boolean;
};

const placesAtOnce = 4;

/** Prints every certificate that something uses, by its end, and returns the exit code. */
export async function inventory(options: InventoryOptions, terminal: Terminal): Promise<0 | 1> {
  const { all: unused, region: regions } = options;
  const wrong = regions.find((region) => !regionPattern.test(region));
  if (wrong !== undefined) {
    throw new CommandFailed(`"${wrong}" is not the name of a region`, next);
  }
  const { connection, file } = surroundingsOf(options);
  const hasFile = options.config !== undefined || existsSync(file);
  const config = hasFile ? readConfigFile(file) : null;
  const region = config?.home.region ?? regions[0];
  if (region === undefined) {
    throw new CommandFailed(`there is no ${file}, and no region is given`, next);
  }
  const clock = systemClock;
  const aws = await awsAsCaller({ clock, connection, region });
  const places = placesToLookAt({ caller: aws.caller.account, config, regions });
  const found: Found[] = [];
  let isWhole = true;
  await eachOf(
    places,
    { concurrency: placesAtOnce, failure: 'places could not be looked at' },
    async (place) => {
      try {
        found.push(...(await certificatesIn(place, aws, { unused })));
      } catch (error) {
        isWhole = false;
        terminal.complain(noteText(`${placeKey(place)} is not listed: ${errorMessage(error)}`));
      }
    },
  );
  const listed = inventoryOf(found, config);
  const now = clock.now();
  const look = { now, width: terminal.width(), paint: terminal.paint };
  if (options.csv) terminal.print(inventoryCsv(listed));
  else if (options.json) terminal.print(safeJson({ schemaVersion: 1, certificates: listed }));
  else terminal.print(inventoryPage(listed, look).join('\n'));
  return isWhole && !listed.some((each) => needsSomebody(each, now)) ? 0 : 1;
}

const next = 'npx certkeep inventory --region us-east-1 --region eu-central-1';
