import type { Advice } from './advice.ts';

const onlyBalancers =
  'certkeep binds certificates to listeners of Application (alb) and Classic (clb) Load Balancers.';
/** The ARN of each certificate is in a parameter of its place, which other stacks can read. */
const byParameter = `${onlyBalancers} It cannot keep up what has none of them: leave the target out, and the certificate is kept in Secrets Manager for whatever fetches it.`;

const foreign: readonly (readonly [form: RegExp, title: string])[] = [
  [/^(?:nlb|net(?:work)?)(?:-?load-?balancer)?$/i, 'Network Load Balancers are'],
  [/^(?:gwlb|gwy|gateway-?load-?balancer)$/i, 'Gateway Load Balancers are'],
  [/^(?:cloudfront|cdn)$/i, 'CloudFront is'],
  [/^api-?gateway$/i, 'API Gateway is'],
  [/^(?:acm|arn)$/i, 'ACM without a load balancer is'],
  [/^(?:eks|ecs|ec2|iam|s3|nginx|kubernetes|secret|appsync|cognito|iot|lightsail)$/i, 'That is'],
];

export const targetTypeAdvice: Advice = (value) => {
  if (/^(?:elb|classic)$/i.test(value))
    return { fix: 'Write "type: clb" for a Classic Load Balancer.' };
  if (/^(?:application|elbv2)$/i.test(value)) return { fix: 'Write "type: alb".' };
  const [, title] = foreign.find(([form]) => form.test(value)) ?? [];
  return title ? { message: `is no target: ${title} not supported`, fix: byParameter } : null;
};

const describe = 'aws elbv2 describe-listeners --load-balancer-arn';

export const listenerAdvice: Advice = (value) => {
  if (/:(?:listener|loadbalancer)\/net\//.test(value)) {
    return {
      message: 'is of a Network Load Balancer: Network Load Balancers are not supported',
      fix: byParameter,
    };
  }
  if (/:(?:listener|loadbalancer)\/gwy\//.test(value)) {
    return {
      message: 'is of a Gateway Load Balancer, which serves no certificates',
      fix: onlyBalancers,
    };
  }
  if (/:loadbalancer\/app\/[^/]+\/[^/]+$/.test(value)) {
    return {
      message: 'is the ARN of a load balancer, not of one of its listeners',
      fix: `Write the ARN of its HTTPS listener: ${describe} ${value} --query "Listeners[?Protocol=='HTTPS'].ListenerArn".`,
    };
  }
  const [, name] = /:elasticloadbalancing:[^:]*:[^:]*:loadbalancer\/([^/]+)$/.exec(value) ?? [];
  if (name) {
    return {
      message: 'is of a Classic Load Balancer',
      fix: `Write {type: clb, loadBalancer: ${name}, port: 443}.`,
    };
  }
  if (/:listener-rule\/app\//.test(value)) {
    return {
      message: 'is the ARN of a rule, not of the listener',
      fix: `Write the ARN of its listener: ${value.replace(':listener-rule/', ':listener/').replace(/\/[^/]*$/, '')}.`,
    };
  }
  return /:targetgroup\//.test(value)
    ? {
        message: 'is the ARN of a target group, which holds no certificates',
        fix: `Write the ARN of the HTTPS listener in front of it: ${describe} ….`,
      }
    : null;
};

export const balancerAdvice: Advice = (value) => {
  const [, name] = /:loadbalancer\/([A-Za-z0-9-]+)$/.exec(value) ?? [];
  if (name) return { fix: `Write its name alone: "loadBalancer: ${name}".` };
  if (/:loadbalancer\/(?:app|net)\//.test(value)) {
    return { fix: 'For an Application Load Balancer write "type: alb" and its listener.' };
  }
  const [, host] =
    /^(?:internal-)?([A-Za-z0-9-]+)-\d+\.[a-z0-9-]+\.elb\.amazonaws\.com/.exec(value) ?? [];
  return host
    ? { fix: `Write its name, not its host: "loadBalancer: ${host}".` }
    : { fix: 'Write its name, up to 32 letters, digits and hyphens, as the console lists it.' };
};
