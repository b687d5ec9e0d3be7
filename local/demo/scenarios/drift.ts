import {
  ElasticLoadBalancingV2Client,
  RemoveListenerCertificatesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { operatorClient } from 'local-cloud/operator.ts';
import { recordOf } from '../report.ts';
import { forget, noted } from './forget.ts';
import type { Scenario } from './scenario.ts';

export const drift: Scenario = {
  breaks:
    'somebody takes the certificate of docs off the listener of shop-alb, as a template does that does not know it',
  hurried: 'certkeep looks at every listener every 20 to 35 minutes; here it does at once',
  reason: 'ListenerChanged',
  certificates: () => ['docs'],
  async breakIt(setting) {
    const { cloud, config } = setting;
    const docs = config.certificates.find(({ id }) => id === 'docs');
    const [target] = docs?.targets ?? [];
    const [held] = Object.values(recordOf(setting, 'docs').imports);
    if (target?.type !== 'alb' || !held?.arn) throw new Error('local: docs is bound nowhere');
    const elb = new ElasticLoadBalancingV2Client(operatorClient(cloud, config.home.region));
    const Certificates = [{ CertificateArn: held.arn }];
    const ListenerArn = target.listener;
    await elb.send(new RemoveListenerCertificatesCommand({ ListenerArn, Certificates }));
  },
  hurry: (setting) => forget(setting, noted.byVerify),
};
