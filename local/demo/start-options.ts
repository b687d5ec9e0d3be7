import { accessSync, constants } from 'node:fs';
import { parseArgs } from 'node:util';
import { errorMessage } from '#shared/errors.ts';

export const usage = `npm start -- [options]
  --config FILE   play this configuration instead of the built-in fleet
  --verbose       print each step of each function, and the messages whole
  --json          print the result as one JSON object on the last line
  --keep          leave the cloud running to look around in; ends with Ctrl-C
  --pebble FILE   issue with this pebble binary instead of the local CA; it asks the local DNS and load balancers`;

export type StartOptions = {
  readonly config: string | undefined;
  readonly verbose: boolean;
  readonly json: boolean;
  readonly keep: boolean;
  readonly pebble: string | undefined;
  readonly help: boolean;
};

export function readOptions(args: readonly string[]): StartOptions | { readonly problem: string } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        config: { type: 'string' },
        verbose: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        keep: { type: 'boolean', default: false },
        pebble: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.pebble) accessSync(values.pebble, constants.X_OK);
    return { config: undefined, pebble: undefined, ...values };
  } catch (error) {
    return { problem: errorMessage(error) };
  }
}
