import {
  DescribeListenersCommand,
  ElasticLoadBalancingV2Client,
  ModifyListenerCommand,
  paginateDescribeListenerCertificates,
  RemoveListenerCertificatesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ClientOptions } from '#shared/aws/clients.ts';
import { errorName } from '#shared/errors.ts';
import type { Account } from './account.ts';

type Calls = Pick<Account, 'listener' | 'setDefault' | 'removeListed'>;

/** Listeners, through the SDK. */
export function listenerCalls(options: ClientOptions): Calls {
  const client = new ElasticLoadBalancingV2Client(options);
  return {
    async listener(ListenerArn) {
      const found = await describe(client, ListenerArn);
      if (!found) return null;
      const defaultArn = found.Certificates?.[0]?.CertificateArn ?? null;
      const listed: string[] = [];
      if (!defaultArn) return { protocol: found.Protocol ?? '', defaultArn, listed };
      // A default that is also in the list appears twice (API_DescribeListenerCertificates.html).
      for await (const page of paginateDescribeListenerCertificates({ client }, { ListenerArn })) {
        for (const { CertificateArn, IsDefault } of page.Certificates ?? []) {
          if (CertificateArn && !IsDefault) listed.push(CertificateArn);
        }
      }
      return { protocol: found.Protocol ?? '', defaultArn, listed };
    },
    async setDefault(ListenerArn, CertificateArn) {
      const Certificates = [{ CertificateArn }];
      await client.send(new ModifyListenerCommand({ ListenerArn, Certificates }));
    },
    async removeListed(ListenerArn, CertificateArn) {
      const Certificates = [{ CertificateArn }];
      await client.send(new RemoveListenerCertificatesCommand({ ListenerArn, Certificates }));
    },
  };
}

async function describe(client: ElasticLoadBalancingV2Client, arn: string) {
  try {
    const answer = await client.send(new DescribeListenersCommand({ ListenerArns: [arn] }));
    return answer.Listeners?.[0] ?? null;
  } catch (error) {
    if (/ListenerNotFound/.test(errorName(error))) return null;
    throw error;
  }
}
