import { fuzzes } from './fuzzes.ts';
import { play } from './play.ts';

/** `node child.ts <name> <seed> <count> <address>`: plays in this process, and prints what came of it. */
const [name, seed, count, address] = process.argv.slice(2);
const fuzz = fuzzes.find((each) => each.name === name);
if (!fuzz) throw new Error(`no fuzz is called ${name}`);
const played = await play(fuzz, { seed: Number(seed), count: Number(count) }, address);
process.stdout.write(`${JSON.stringify(played)}\n`, () => process.exit(0));
