import { listenerParts } from './alb-http01/listener-arn.ts';
import type { SolverConfig } from './specs.ts';

/** What the placeholders in the permissions of a solver stand for; the values may hold placeholders of home. */
export function solverValues(config: SolverConfig): Readonly<Record<string, readonly string[]>> {
  if (config.type === 'route53') {
    // A solver that names no zone writes to whichever holds the name.
    const zone = config.hostedZoneId ?? '*';
    const isElsewhere = config.roleArn !== undefined;
    return {
      zone: isElsewhere ? [] : [zone],
      followedZone: !isElsewhere && config.cnameStrategy === 'follow' ? [zone] : [],
      role: config.roleArn === undefined ? [] : [config.roleArn],
      roleName: config.roleArn === undefined ? [] : [config.roleArn.replace(/^.*:role\//, '')],
    };
  }
  if (config.type === 'alb-http01') {
    const { account, rules } = listenerParts(config.listener);
    const isPermanent = config.rule === 'permanent';
    return {
      ruledListener: isPermanent ? [] : [config.listener],
      listenerRules: isPermanent ? [] : [rules],
      permanentListener: isPermanent ? [config.listener] : [],
      listenerRole: [`arn:{partition}:iam::${account}:role/{installation}-{homeRegion}-http01`],
    };
  }
  const { secret } = config;
  const [, , , region, account] = secret.split(':');
  return {
    secret: secretArns(secret),
    secretRegion: [region ?? '{region}'],
    secretPlace: [`${region ?? '{region}'}:${account ?? '{account}'}`],
  };
}

/**
 * Secrets Manager adds a hyphen and six characters to a name; an ARN is good with them and without
 * (https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html).
 */
function secretArns(secret: string): readonly string[] {
  if (!secret.startsWith('arn:')) {
    return [`arn:{partition}:secretsmanager:{region}:{account}:secret:${secret}-??????`];
  }
  // What looks like the six may belong to the name: `dns-tokens`.
  const mayBeWhole = /-[A-Za-z0-9]{6}$/.test(secret);
  return [...(mayBeWhole ? [secret] : []), `${secret}-??????`];
}
