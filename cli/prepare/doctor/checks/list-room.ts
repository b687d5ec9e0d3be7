import { managedTag } from '#shared/installation.ts';
import { listenerParts } from '#shared/solvers/alb-http01/listener-arn.ts';
import { identityOf } from '#shared/targets/identities.ts';
import type { TargetConfig } from '#shared/targets/specs.ts';
import { type Check, type Finding, ok, type Subject } from '../check.ts';
import { balancerOf, targetsOf } from './listeners.ts';

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html, without defaults. */
const usualPlaces = 25;
const quota = 'L-9365A611';

type AlbTarget = TargetConfig & { readonly type: 'alb' };

/** The certificates that are to join a list have to find room there. */
export const listRoom: Check = {
  title: 'Room for certificates at load balancers',
  rights: ['elasticloadbalancing:DescribeListenerCertificates', 'acm:ListTagsForCertificate'],
  questions(subject) {
    const targetFor = targetsOf(subject);
    const joining = subject.config.certificates
      .flatMap(({ targets }) => targets)
      .filter((target): target is AlbTarget => target.type === 'alb')
      .filter(({ certificate }) => certificate !== 'default');
    return [...Map.groupBy(joining, ({ listener }) => balancerOf(listener))].map(
      ([balancer, targets]) => ({
        about: nameOf(balancer),
        account: listenerParts(balancer).account,
        instead: quotaCommand('get-service-quota', balancer),
        ask: async () => {
          const makeTarget = await targetFor;
          const others = new Set<string>();
          for (const target of onePerListener(targets, subject)) {
            const { default: first, list } = await makeTarget(target).readHeld();
            for (const arn of list) if (arn !== first) others.add(arn);
          }
          const wanted = targets.length;
          const foreign =
            others.size + wanted > usualPlaces
              ? await notOurs([...others], subject, balancer)
              : others.size;
          return [judged(balancer, foreign, wanted)];
        },
      }),
    );
  },
};

function onePerListener(targets: readonly AlbTarget[], { config }: Subject): readonly AlbTarget[] {
  return [
    ...new Map(
      targets.map((target) => [identityOf(target, config.home).listener, target]),
    ).values(),
  ];
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

function judged(balancer: string, foreign: number, wanted: number): Finding {
  const needed = foreign + wanted;
  const text = `${nameOf(balancer)} needs ${needed} of ${usualPlaces} places (${foreign} of others, ${wanted} of this file)`;
  if (needed <= usualPlaces) return ok(text);
  return {
    mark: 'wrong',
    text: `${text}, unless AWS has raised your quota`,
    say: 'To ask for more:',
    command: `${quotaCommand('request-service-quota-increase', balancer)} --desired-value ${needed}`,
  };
}

function nameOf(balancer: string): string {
  return balancer.split('/')[2] ?? balancer;
}

function quotaCommand(verb: string, balancer: string): string {
  const { region } = listenerParts(balancer);
  return `aws service-quotas ${verb} --region ${region} --service-code elasticloadbalancing --quota-code ${quota}`;
}
