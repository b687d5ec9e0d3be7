import { managedTag } from '#shared/installation.ts';
import { listenerParts } from '#shared/solvers/alb-http01/listener-arn.ts';
import { albKind } from '#shared/targets/alb/kind.ts';
import { hasList, type ListenerTarget } from '#shared/targets/elbv2/facts.ts';
import type { ListenerKind } from '#shared/targets/elbv2/listener-kind.ts';
import { loadBalancerOf } from '#shared/targets/elbv2/load-balancer.ts';
import { nlbKind } from '#shared/targets/nlb/kind.ts';
import { type Check, type Finding, ok, type Subject } from '../check.ts';
import { targetsOf } from './listeners.ts';

const quotas = { alb: albKind.quota, nlb: nlbKind.quota };

/** The certificates that are to join a list have to find room there. */
export const listRoom: Check = {
  title: 'Room for certificates at load balancers',
  rights: ['elasticloadbalancing:DescribeListenerCertificates', 'acm:ListTagsForCertificate'],
  questions(subject) {
    const targetFor = targetsOf(subject);
    const all = subject.config.certificates.flatMap(({ targets }) => targets).filter(hasList);
    const byBalancer = [...Map.groupBy(all, ({ listener }) => loadBalancerOf(listener))];
    return byBalancer
      .filter(([, targets]) => targets.some(joinsList))
      .map(([balancer, targets]) => ({
        about: nameOf(balancer),
        account: listenerParts(balancer).account,
        instead: quotaCommand('get-service-quota', balancer, quotaOf(targets)),
        ask: async () => {
          const makeTarget = await targetFor;
          const quota = quotaOf(targets);
          const counted = quota.countsDefaults ? targets : targets.filter(joinsList);
          const others = new Set<string>();
          for (const target of onePerListener(counted)) {
            const { default: first, list } = await makeTarget(target).readHeld();
            for (const arn of list) if (arn !== first) others.add(arn);
            const stays = quota.countsDefaults && !replacesDefault(target.listener, targets);
            if (stays && first !== null) others.add(first);
          }
          const wanted = counted.length;
          const foreign =
            others.size + wanted > quota.certificates
              ? await notOurs([...others], subject, balancer)
              : others.size;
          return [judged(balancer, quota, { foreign, wanted })];
        },
      }));
  },
};

function quotaOf([first]: readonly ListenerTarget[]): ListenerKind['quota'] {
  return quotas[first?.type ?? 'alb'];
}

function joinsList({ certificate }: ListenerTarget): boolean {
  return certificate !== 'default';
}

function replacesDefault(listener: string, targets: readonly ListenerTarget[]): boolean {
  return targets.some((each) => each.listener === listener && each.certificate !== 'sni');
}

function onePerListener(targets: readonly ListenerTarget[]): readonly ListenerTarget[] {
  return [...new Map(targets.map((target) => [target.listener, target])).values()];
}

/** Those that carry the mark of the installation are among the ones that are to be there. */
async function notOurs(
  arns: readonly string[],
  { config, optionsIn }: Subject,
  balancer: string,
): Promise<number> {
  const { ACMClient, ListTagsForCertificateCommand } = await import('@aws-sdk/client-acm');
  const client = new ACMClient(optionsIn(listenerParts(balancer)));
  let foreign = 0;
  for (const CertificateArn of arns) {
    const command = new ListTagsForCertificateCommand({ CertificateArn });
    const { Tags = [] } = await client.send(command);
    const isOurs = Tags.some(
      ({ Key, Value }) => Key === managedTag && Value === config.installation,
    );
    if (!isOurs) foreign += 1;
  }
  return foreign;
}

function judged(
  balancer: string,
  quota: ListenerKind['quota'],
  { foreign, wanted }: { readonly foreign: number; readonly wanted: number },
): Finding {
  const needed = foreign + wanted;
  const text = `${nameOf(balancer)} needs ${needed} of ${quota.certificates} places (${foreign} of others, ${wanted} of this file)`;
  if (needed <= quota.certificates) return ok(text);
  return {
    mark: 'wrong',
    text: `${text}, unless AWS has raised your quota`,
    say: 'To ask for more:',
    command: `${quotaCommand('request-service-quota-increase', balancer, quota)} --desired-value ${needed}`,
  };
}

function nameOf(balancer: string): string {
  return balancer.split('/')[2] ?? balancer;
}

function quotaCommand(
  verb: string,
  balancer: string,
  { code }: Pick<ListenerKind['quota'], 'code'>,
): string {
  const { region } = listenerParts(balancer);
  return `aws service-quotas ${verb} --region ${region} --service-code elasticloadbalancing --quota-code ${code}`;
}
