import { composeChallenge } from './compose/challenge.ts';
import { balancerRequest } from './events.ts';
import { plainHandler } from './handler.ts';

export const handler = plainHandler('challenge', balancerRequest, composeChallenge);
