import { readConfigFile, usualConfigFile } from '../../reach/read-config.ts';
import type { Terminal } from '../../terminal.ts';
import { safeJson } from '../../text/safe-json.ts';
import { fleetOf } from './fleet-of.ts';
import { costOf, costPage } from './page.ts';
import { pricedIn, pricedRegion } from './prices.ts';

/** Prints what a configuration costs a month. It asks nobody. */
export function cost(
  { config: file = usualConfigFile, json }: { readonly config?: string; readonly json: boolean },
  terminal: Terminal,
): 0 {
  const found = costOf(fleetOf(readConfigFile(file)));
  terminal.print(
    json
      ? safeJson({ schemaVersion: 1, region: pricedRegion, pricesOf: pricedIn, ...found })
      : costPage(found, terminal.width()).join('\n'),
  );
  return 0;
}
