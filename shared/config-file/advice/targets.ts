import { albKind } from '#shared/targets/alb/kind.ts';
import type { ListenerKind } from '#shared/targets/elbv2/listener-kind.ts';
import { nlbKind } from '#shared/targets/nlb/kind.ts';
import { childOf, valueAt } from '../messages/schema-at.ts';
import type { Advice } from './advice.ts';

const onlyBalancers =
  'certkeep binds certificates to listeners of Application (alb), Network (nlb) and Classic (clb) Load Balancers, to distributions of CloudFront (cloudfront), and to custom domain names of API Gateway (api-gateway).';
/** The ARN of each certificate is in a parameter of its place, which other stacks can read. */
const byArn = `${onlyBalancers} For whatever else uses the ARN of a certificate, write "type: acm": it is imported into ACM, renewed on the same ARN, and the ARN is published in Parameter Store.`;
const byFetching = `${onlyBalancers} It cannot keep up what has none of them: leave the target out, and the certificate is kept in Secrets Manager for whatever fetches it.`;

const foreign: readonly (readonly [form: RegExp, title: string, fix: string])[] = [
  [/^(?:gwlb|gwy|gateway-?load-?balancer)$/i, 'Gateway Load Balancers are', byFetching],
  [
    /^(?:amplify|appsync|client-?vpn|cognito|iot(?:-?core)?|opensearch|redshift|transfer|verified-?access|vpc-?lattice)$/i,
    'That is',
    byArn,
  ],
  [/^(?:eks|ecs|ec2|iam|s3|nginx|kubernetes|secret|lightsail)$/i, 'That is', byFetching],
];

export const targetTypeAdvice: Advice = (value) => {
  if (/^(?:elb|classic)$/i.test(value))
    return { fix: 'Write "type: clb" for a Classic Load Balancer.' };
  if (/^(?:application|elbv2)$/i.test(value)) return { fix: 'Write "type: alb".' };
  if (/^(?:cloud-?front|cdn|distribution)$/i.test(value)) {
    return { fix: 'Write "type: cloudfront" and the id of the distribution.' };
  }
  if (/^net(?:work)?(?:-?load-?balancer)?$/i.test(value)) {
    return { fix: 'Write "type: nlb" and the TLS listener of a Network Load Balancer.' };
  }
  if (/^(?:api-?gateway|apigw|rest-?api|http-?api)$/i.test(value)) {
    return { fix: 'Write "type: api-gateway" and the custom domain name.' };
  }
  if (/^arn$/i.test(value)) return { fix: 'Write "type: acm".' };
  const known = foreign.find(([form]) => form.test(value));
  if (!known) return null;
  const [, title, fix] = known;
  return { message: `is no target: ${title} not supported`, fix };
};

const describe = 'aws elbv2 describe-listeners --load-balancer-arn';

/** By the form of their ARNs. */
const kinds = [albKind, nlbKind];

function oneOf({ title, type }: ListenerKind): string {
  return `${type === 'alb' ? 'an' : 'a'} ${title}`;
}

export const listenerAdvice: Advice = (value, path, raw) => {
  const [, what, form] = /:(listener|loadbalancer)\/(app|net)\//.exec(value) ?? [];
  const kind = kinds.find((each) => each.form === form);
  const written = childOf(valueAt(raw, path.slice(0, -1)), 'type');
  if (kind && what === 'listener' && kind.type !== written) {
    return {
      message: `is of ${oneOf(kind)}, and this target is of type ${written}`,
      fix: `Write "type: ${kind.type}".`,
    };
  }
  if (/:(?:listener|loadbalancer)\/gwy\//.test(value)) {
    return {
      message: 'is of a Gateway Load Balancer, which serves no certificates',
      fix: onlyBalancers,
    };
  }
  if (kind && /:loadbalancer\/(?:app|net)\/[^/]+\/[^/]+$/.test(value)) {
    const type = kind.type === written ? '' : `"type: ${kind.type}" and `;
    return {
      message: 'is the ARN of a load balancer, not of one of its listeners',
      fix: `Write ${type}the ARN of its ${kind.protocol} listener: ${describe} ${value} --query "Listeners[?Protocol=='${kind.protocol}'].ListenerArn".`,
    };
  }
  const [, name] = /:elasticloadbalancing:[^:]*:[^:]*:loadbalancer\/([^/]+)$/.exec(value) ?? [];
  if (name) {
    return {
      message: 'is of a Classic Load Balancer',
      fix: `Write {type: clb, loadBalancer: ${name}, port: 443}.`,
    };
  }
  if (/:listener-rule\/(?:app|net)\//.test(value)) {
    return {
      message: 'is the ARN of a rule, not of the listener',
      fix: `Write the ARN of its listener: ${value.replace(':listener-rule/', ':listener/').replace(/\/[^/]*$/, '')}.`,
    };
  }
  if (/:targetgroup\//.test(value)) {
    return {
      message: 'is the ARN of a target group, which holds no certificates',
      fix: `Write the ARN of the HTTPS or TLS listener in front of it: ${describe} ….`,
    };
  }
  return slipInListener(value);
};

const balancers = 'aws elbv2 describe-load-balancers';
const arnOf = `lists load balancers; ${describe} … lists the listeners of one.`;

/** Finds slips in a text that is the ARN of nothing else. */
function slipInListener(value: string): ReturnType<Advice> {
  if (/^arn:[^:]*:acm:[^:]*:[^:]*:certificate\/[\w-]+$/.test(value)) {
    return {
      message: 'is the ARN of a certificate, not of a listener',
      fix: `Write the ARN of the listener. These load balancers use it: aws acm describe-certificate --certificate-arn ${value} --query Certificate.InUseBy.`,
    };
  }
  const [placeholder] = /<[^<>]*>|\$?\{[^{}]*\}|…/.exec(value) ?? [];
  if (placeholder) {
    return {
      message: `still holds the placeholder ${placeholder}`,
      fix: `Write the ARN of your HTTPS listener: ${balancers} ${arnOf}`,
    };
  }
  const [, account] = /^arn:[^:]*:elasticloadbalancing:[^:]*:(\d*):listener\//.exec(value) ?? [];
  if (account !== undefined && account.length !== 12) {
    return {
      message: `names an account of ${account.length} digits`,
      fix: 'Write the twelve digits of the account.',
    };
  }
  const [, ...ids] = /:listener\/(?:app|net)\/[^/]+\/([^/]+)\/([^/]+)$/.exec(value) ?? [];
  const wrong = ids.find((id) => !/^[0-9a-f]+$/.test(id));
  if (wrong) {
    return {
      message: `ends in ${ids[1] === wrong ? wrong : `${wrong}/${ids[1]}`}, which is not an id: ids are of the digits 0-9 and a-f`,
      fix: `Copy the whole ARN of the listener: ${describe} ….`,
    };
  }
  if (/^[\w.-]+\.amazonaws\.com(?:\.cn)?$/.test(value)) {
    return {
      message: 'is the host of a load balancer, not the ARN of one of its listeners',
      fix: `Write the ARN of its HTTPS listener. This says which load balancer it is: ${balancers} --query "LoadBalancers[?DNSName=='${value}'].LoadBalancerArn"; ${describe} … lists its listeners.`,
    };
  }
  return /^[A-Za-z0-9-]{1,32}$/.test(value)
    ? {
        message: 'is not the ARN of a listener, but a name',
        fix: `Write the ARN of its HTTPS listener. This has the ARN of the load balancer: ${balancers} --names ${value} --query "LoadBalancers[].LoadBalancerArn"; ${describe} … lists its listeners.`,
      }
    : null;
}

export const balancerAdvice: Advice = (value) => {
  const [, name] = /:loadbalancer\/([A-Za-z0-9-]+)$/.exec(value) ?? [];
  if (name) return { fix: `Write its name alone: "loadBalancer: ${name}".` };
  const [, form] = /:loadbalancer\/(app|net)\//.exec(value) ?? [];
  const kind = kinds.find((each) => each.form === form);
  if (kind) {
    return { fix: `For ${oneOf(kind)} write "type: ${kind.type}" and its listener.` };
  }
  const [, host] =
    /^(?:internal-)?([A-Za-z0-9-]+)-\d+\.[a-z0-9-]+\.elb\.amazonaws\.com/.exec(value) ?? [];
  return host
    ? { fix: `Write its name, not its host: "loadBalancer: ${host}".` }
    : { fix: 'Write its name, up to 32 letters, digits and hyphens, as the console lists it.' };
};
