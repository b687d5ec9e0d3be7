import { systemClock } from '#shared/time/clock.ts';
import { CommandFailed } from '../../failure.ts';
import { deployedConfig } from '../../reach/deployed-config.ts';
import type { ReachOptions } from '../../reach/options.ts';
import { reach } from '../../reach/reach.ts';
import type { Terminal } from '../../terminal.ts';
import { counted } from '../../text/lists.ts';
import { safeJson } from '../../text/safe-json.ts';
import { readFile } from '../read-file.ts';
import { usualFile } from '../usual-file.ts';
import { affectedIds } from './decide/affected.ts';
import { differences } from './decide/differences.ts';
import { ordersByIssuer, wantedOrders } from './decide/orders.ts';
import { readLimits, readRecords } from './known.ts';
import { diffJson, diffPage } from './page.ts';

type DiffOptions = ReachOptions & { readonly file?: string | undefined; readonly json: boolean };

/** Prints what the file would change, and returns the exit code: 1 where that is anything. */
export async function diff(options: DiffOptions, terminal: Terminal): Promise<0 | 1> {
  const { config, file = config ?? usualFile, json } = options;
  const checked = readFile(file);
  if (!checked.ok) {
    const count = counted(checked.problems.length, 'problem');
    throw new CommandFailed(`${file} is not valid: ${count}`, `npx certkeep validate ${file}`);
  }
  const wanted = checked.config;
  const { location, objects } = await reach({ ...options, config: config ?? file });
  const deployed = await deployedConfig(location);
  const now = systemClock.now();
  const ports = { objects, terminal };
  const records = deployed
    ? await readRecords(ports, affectedIds(deployed, wanted))
    : new Map<string, null>();
  const found = differences({ deployed, wanted, records, now });
  const orders = wantedOrders(found);
  const books = deployed ? await readLimits(ports, orders) : new Map();
  const compared = {
    ...{ file, location, isDeployed: deployed !== null, changes: found.changes },
    orders: ordersByIssuer(orders, books, now),
  };
  const look = { now, width: terminal.width(), paint: terminal.paint };
  terminal.print(json ? safeJson(diffJson(compared)) : diffPage(compared, look).join('\n'));
  return found.changes.length > 0 ? 1 : 0;
}
