import { composeSync } from './compose/sync.ts';
import { syncEvent } from './events.ts';
import { lambdaHandler } from './handler.ts';

export const handler = lambdaHandler('sync', syncEvent, composeSync, { region: 'eu-west-1' });
