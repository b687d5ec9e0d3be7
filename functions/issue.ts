import { composeIssue } from './compose/issue.ts';
import { certificateMessage } from './events.ts';
import { lambdaHandler } from './handler.ts';

export const handler = lambdaHandler('issue', certificateMessage, composeIssue, {
  certificate: 'shop',
});
