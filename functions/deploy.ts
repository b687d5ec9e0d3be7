import { composeDeploy } from './compose/deploy.ts';
import { placeMessage } from './events.ts';
import { lambdaHandler } from './handler.ts';

export const handler = lambdaHandler('deploy', placeMessage, composeDeploy, {
  certificate: 'shop',
  place: '123456789012/us-east-1',
});
