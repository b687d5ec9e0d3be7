import { composeSync } from './compose/sync.ts';
import { busEvent } from './events.ts';
import { lambdaHandler } from './handler.ts';

export const handler = lambdaHandler('sync', busEvent, composeSync);
