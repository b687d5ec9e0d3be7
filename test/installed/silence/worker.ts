import { sdkDefaults } from 'local-cloud/kit/sdk-defaults.ts';
import { partsOf } from './parts.ts';
import { playPart } from './play.ts';

/** Plays the parts whose places in the list it is sent, one after the other. */
Object.assign(process.env, sdkDefaults);
process.on('disconnect', () => process.exit());
process.on('message', (index: number) => {
  playPart((stage) => {
    const part = partsOf(stage)[index];
    if (!part) throw new Error(`there is no part ${index}`);
    return part;
  }).then(
    (row) => process.send?.({ index, row }),
    (error: Error) => process.send?.({ index, problem: error.stack ?? error.message }),
  );
});
