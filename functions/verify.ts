import { composeVerify } from './compose/verify.ts';
import { verifyEvent } from './events.ts';
import { lambdaHandler } from './handler.ts';

export const handler = lambdaHandler('verify', verifyEvent, composeVerify, { certificate: 'shop' });
