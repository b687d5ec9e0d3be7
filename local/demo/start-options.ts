import { accessSync, constants } from 'node:fs';
import { parseArgs } from 'node:util';
import { errorMessage } from '#shared/errors.ts';
import { type FleetName, fleetNames } from './fleets.ts';
import { type ScenarioName, scenarioNames } from './scenarios/scenario.ts';

export const usage = `npm start -- [options]
  --config FILE   play this configuration instead of the built-in fleet
  --fleet NAME    play another built-in fleet: ${fleetNames.join(', ')} (one certificate on every kind of target, in two
                  accounts and three regions, one of which refuses every call for a while)
  --verbose       print each step of each function, and the messages whole
  --json          print the result as one JSON object on the last line
  --keep          leave the cloud running to look around in; ends with Ctrl-C
  --bare          keep a cloud in which certkeep is not installed yet, for the first hour (docs/first-hour.md)
  --scenario NAME break something in the built-in fleet, and wait until somebody runs the command in the message about it:
                  ${scenarioNames.join(', ')}
  --pebble FILE   issue with this pebble binary instead of the local CA; it asks the local DNS and load balancers`;

export type StartOptions = {
  readonly config: string | undefined;
  readonly fleet: FleetName | undefined;
  readonly verbose: boolean;
  readonly json: boolean;
  readonly keep: boolean;
  readonly bare: boolean;
  readonly pebble: string | undefined;
  readonly scenario: ScenarioName | undefined;
  readonly help: boolean;
};

export function readOptions(args: readonly string[]): StartOptions | { readonly problem: string } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        config: { type: 'string' },
        fleet: { type: 'string' },
        verbose: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        keep: { type: 'boolean', default: false },
        bare: { type: 'boolean', default: false },
        pebble: { type: 'string' },
        scenario: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.pebble) accessSync(values.pebble, constants.X_OK);
    const { fleet, scenario, ...others } = values;
    if (fleet !== undefined && values.config) {
      return { problem: 'A fleet and a configuration are two: name one of them.' };
    }
    if (fleet !== undefined && (values.pebble || scenario !== undefined)) {
      return { problem: 'A named fleet is a play of its own, with the local CA.' };
    }
    if (scenario !== undefined && (values.config || values.pebble)) {
      return { problem: 'A scenario plays in the built-in fleet, with the local CA.' };
    }
    if (
      values.bare &&
      (values.config || values.pebble || fleet !== undefined || scenario !== undefined)
    ) {
      return { problem: 'Nothing is played in a bare cloud.' };
    }
    return {
      ...{ config: undefined, pebble: undefined, ...others },
      fleet: named('fleet', fleetNames, fleet),
      scenario: named('scenario', scenarioNames, scenario),
    };
  } catch (error) {
    return { problem: errorMessage(error) };
  }
}

/** @throws Error that names what there is */
function named<Name extends string>(
  kind: string,
  names: readonly Name[],
  wanted: string | undefined,
): Name | undefined {
  const found = names.find((name) => name === wanted);
  if (found || wanted === undefined) return found;
  throw new Error(`There is no ${kind} "${wanted}". There are: ${names.join(', ')}.`);
}
