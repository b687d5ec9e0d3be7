import { beforeEach } from 'vitest';
import { hashOf, randomOf, seedJitter } from './determinism.ts';

/** Another text draws other values for every test, to find those that pass for some values alone: `DRAW=2 npm test`. */
const draw = process.env.DRAW ?? '';

/** A wait or a time that is drawn is the same in each run of a test, whichever ran before it. */
beforeEach(({ task }) => seedJitter(randomOf(hashOf(`${draw}${task.file.name} ${task.fullName}`))));
