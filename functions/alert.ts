import { composeAlert } from './compose/alert.ts';
import { busEvent } from './events.ts';
import { lambdaHandler } from './handler.ts';

export const handler = lambdaHandler('alert', busEvent, composeAlert);
