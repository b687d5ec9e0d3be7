import {
  DeleteListenerCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { operatorClient } from 'local-cloud/operator.ts';
import type { Scenario } from './scenario.ts';

export const listenerGone: Scenario = {
  breaks: 'somebody deletes the listener of blog-alb',
  hurried: 'a proof counts for half a minute, not for six hours',
  reason: 'ListenerNotFound',
  certificates: () => ['blog'],
  async breakIt({ cloud, config }) {
    const blog = config.certificates.find(({ id }) => id === 'blog');
    const [target] = blog?.targets ?? [];
    if (target?.type !== 'alb') throw new Error('local: blog is bound nowhere');
    const elb = new ElasticLoadBalancingV2Client(operatorClient(cloud, config.home.region));
    await elb.send(new DeleteListenerCommand({ ListenerArn: target.listener }));
  },
  afterMessage: async ({ configFile }) =>
    `Take the first target of blog out of ${configFile}, as the message says.`,
};
