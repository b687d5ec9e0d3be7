import { writeFile } from 'node:fs/promises';
import { actors } from './actors.ts';
import { attempts } from './attempts.ts';
import { actorsPage } from './outcome.ts';
import { play } from './play.ts';

/** Plays every actor and writes docs/security-actors.md: `npm run actors`. */
const played = new Map();
for (const actor of actors) {
  process.stderr.write(`${actor.name}\n`);
  played.set(actor.name, await play(actor));
}
const rows = attempts.map((attempt) => ({
  attempt,
  outcomes: Object.fromEntries(actors.map(({ name }) => [name, played.get(name)?.get(attempt.id)])),
}));
const page = new URL('../../../../docs/security-actors.md', import.meta.url);
await writeFile(page, actorsPage(rows, actors));
