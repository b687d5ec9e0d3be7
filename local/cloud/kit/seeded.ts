import { beforeEach } from 'vitest';
import { hashOf, randomOf, seedJitter } from './determinism.ts';

/** A wait or a time that is drawn is the same in each run of a test, whichever ran before it. */
beforeEach(({ task }) => seedJitter(randomOf(hashOf(`${task.file.name} ${task.fullName}`))));
