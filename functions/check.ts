import { composeCheck } from './compose/check.ts';
import { checkEvent } from './events.ts';
import { lambdaHandler } from './handler.ts';

export const handler = lambdaHandler('check', checkEvent, composeCheck);
