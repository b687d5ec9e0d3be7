const albListener =
  /^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:listener\/app\/[^/\s]+\/[0-9a-f]+\/[0-9a-f]+$/;

type Problem = { readonly message: string; readonly fix: string };

const byDns = 'Let a solver that answers through DNS prove the name.';

/** Load balancers that cannot answer a path, or not by a rule. People try their ARNs here. */
const others: readonly (readonly [form: RegExp, problem: Problem])[] = [
  [
    /:(?:listener|loadbalancer)\/net\//,
    {
      message:
        'is of a Network Load Balancer, which passes connections on and knows no paths: it cannot answer a challenge',
      fix: byDns,
    },
  ],
  [
    /:(?:listener|loadbalancer)\/gwy\//,
    {
      message: 'is of a Gateway Load Balancer, which passes packets on and answers nothing',
      fix: byDns,
    },
  ],
  [
    /:loadbalancer\/app\//,
    {
      message: 'is the ARN of a load balancer, not of one of its listeners',
      fix: 'Write the ARN of its HTTP listener: aws elbv2 describe-listeners --load-balancer-arn ….',
    },
  ],
  [
    /^arn:[^:]*:elasticloadbalancing:[^:]*:[^:]*:loadbalancer\/[^/]+$/,
    {
      message:
        'is of a Classic Load Balancer, which has no listener rules: it cannot answer a challenge',
      fix: byDns,
    },
  ],
  [
    /:listener-rule\/app\//,
    {
      message: 'is the ARN of a rule, not of the listener',
      fix: 'Write the ARN of the listener: …:listener/app/…, without the last part.',
    },
  ],
];

/** Says why a text is not the listener ARN of an Application Load Balancer; null where it is one. */
export function listenerProblem(written: string): Problem | null {
  if (albListener.test(written)) return null;
  const [, known] = others.find(([form]) => form.test(written)) ?? [];
  return (
    known ?? {
      message: 'is not the ARN of an Application Load Balancer listener',
      fix: 'Write the ARN of the HTTP listener: arn:aws:elasticloadbalancing:…:listener/app/….',
    }
  );
}

/** The account and region of a listener, and the ARN pattern of its rules. */
export function listenerParts(arn: string): {
  readonly region: string;
  readonly account: string;
  readonly rules: string;
} {
  const [, , , region = '', account = ''] = arn.split(':');
  return { region, account, rules: `${arn.replace(':listener/', ':listener-rule/')}/*` };
}
