import { inBatches } from '#shared/each.ts';
import { errorMessage, isCertkeepError } from '#shared/errors.ts';
import type { ChallengeListener } from '#shared/solvers/alb-http01/client.ts';
import { listenerParts } from '#shared/solvers/alb-http01/listener-arn.ts';
import { loadBalancerOf } from '#shared/targets/elbv2/load-balancer.ts';
import { shellWord } from '../../../text/shell-word.ts';
import { type Check, type Finding, ok, type Question, type Subject } from '../check.ts';
import { type ProvenName, provenNames } from '../names.ts';

const path = '/.well-known/acme-challenge/certkeep-doctor';
const addressesAtOnce = 4;

/** Where names are proven over HTTP, a CA has to reach the listener on port 80 under each of them. */
export const http01: Check = {
  title: 'HTTP-01',
  rights: ['elasticloadbalancing:DescribeListeners', 'elasticloadbalancing:DescribeLoadBalancers'],
  questions(subject) {
    const names = provenNames(subject.config);
    const listeners = new Map<string, Promise<ChallengeListener>>();
    const listenerAt = (arn: string) => {
      const found = listeners.get(arn) ?? describe(arn, subject);
      listeners.set(arn, found);
      return found;
    };
    const arns = new Set(
      subject.config.solvers.flatMap((solver) =>
        solver.type === 'alb-http01' ? [solver.listener] : [],
      ),
    );
    return [
      ...[...arns].map((arn): Question => aboutListener(arn, listenerAt, subject)),
      ...names.flatMap((proven) =>
        proven.solver.type === 'alb-http01'
          ? [aboutName(proven, proven.solver.listener, listenerAt, subject)]
          : [],
      ),
    ];
  },
};

type ListenerAt = (arn: string) => Promise<ChallengeListener>;

async function describe(arn: string, { optionsIn }: Subject): Promise<ChallengeListener> {
  const { awsRulesClient } = await import('#shared/solvers/alb-http01/client.ts');
  return awsRulesClient(optionsIn(listenerParts(arn))).listener(arn);
}

function aboutListener(arn: string, listenerAt: ListenerAt, { isLocal }: Subject): Question {
  const { account, region } = listenerParts(arn);
  const shown = arn.split(':').at(-1) ?? arn;
  const command = `aws elbv2 describe-listeners --region ${region} --load-balancer-arn ${shellWord(loadBalancerOf(arn))}`;
  const wrong = (text: string): Finding => ({
    mark: 'wrong',
    text,
    say: 'These listeners are there:',
    command,
  });
  return {
    about: shown,
    account,
    instead: command,
    async ask() {
      try {
        const { port, protocol } = await listenerAt(arn);
        if (protocol !== 'HTTP') {
          return [wrong(`${shown} speaks ${protocol}: a CA begins with plain HTTP on port 80`)];
        }
        if (port !== 80 && !isLocal) {
          return [wrong(`${shown} is on port ${port}: a CA begins on port 80`)];
        }
        return [ok(`${shown} speaks HTTP on port ${port}`)];
      } catch (error) {
        if (!isCertkeepError(error, 'ChallengeListenerUnusable')) throw error;
        return [wrong(error.message)];
      }
    },
  };
}

function aboutName(
  { name }: ProvenName,
  arn: string,
  listenerAt: ListenerAt,
  subject: Subject,
): Question {
  const command = `curl -sI http://${name}${path}`;
  return {
    about: name,
    account: listenerParts(arn).account,
    instead: command,
    async ask() {
      const found = await subject.dns.addresses(name);
      if (!found.answered) {
        return [{ mark: 'not known', text: `${name}: no answer of DNS: ${found.why}` }];
      }
      if (found.records.length === 0) {
        const text = `${name} has no address, so no CA can ask it over HTTP`;
        const say = 'Let the name lead to the load balancer. It is shown by:';
        return [{ mark: 'wrong', text, say, command: `dig +short ${shellWord(name)}` }];
      }
      const port = subject.isLocal ? (await listenerAt(arn)).port : 80;
      const answers = await inBatches(found.records, addressesAtOnce, (address) =>
        asked(name, { address, port }, subject),
      );
      return [answers.find(({ mark }) => mark !== 'ok') ?? ok(`${name} answers on port ${port}`)];
    },
  };
}

async function asked(
  name: string,
  { address, port }: { readonly address: string; readonly port: number },
  { get }: Subject,
): Promise<Finding> {
  try {
    await get({ address, port, host: name, path });
    return ok(name);
  } catch (error) {
    return {
      mark: 'wrong',
      text: `${name} does not answer at ${address}:${port} from here: ${errorMessage(error)}`,
      say: 'Open port 80 of the load balancer to everybody (its security group), then:',
      command: `curl -sI http://${name}${path}`,
    };
  }
}
