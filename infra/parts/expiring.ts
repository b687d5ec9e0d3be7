import { EventField, type EventPattern, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { Config } from '#shared/config/config.ts';
import { namesIn } from '../rights/places.ts';

/** The heading of docs/runbook.md to which the message points (a test ties them). */
export const expiryNotice = 'AcmReportsExpiry';

/** Whole days before the end. */
const toldDays = [7, 3, 1];

/** Shorter lives are left out: with less than a third of 25 days left, they are renewed when ACM already reports seven days. */
const shortestLifeDays = 25;

/** "Event pattern size", in characters (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html). */
const longestPattern = 2_048;

/**
 * The last line of defence: ACM itself reports that a certificate of the home account in this region is about to end. It uses
 * nothing of certkeep but the topic: no function, not the key, and nothing that a function has written.
 */
export function createExpiryRule(
  scope: Construct,
  { config, region, topic }: ExpiryProps & { readonly topic: Topic },
): void {
  const rule = new Rule(scope, 'Expiring', {
    description: `Tells people 7, 3 and 1 days before a certificate of ${config.installation} ends.`,
    eventPattern: patternFor(namesIn(config, { account: config.home.account, region })),
  });
  rule.addTarget({
    bind: () => ({ arn: topic.topicArn, input: textFor(config), targetResource: topic }),
  });
  letRulesPublish(topic);
}

export type ExpiryProps = { readonly config: Config; readonly region: string };

/**
 * The event has neither tags nor an ARN that is known before the first import
 * (https://docs.aws.amazon.com/acm/latest/userguide/supported-events.html). So certificates are recognized by their names, each
 * of them, since a CA may put them into another order and leave the common name out. Where that makes the pattern too long,
 * every imported certificate of the region matches. Fields that AWS added later may be missing.
 */
function patternFor(names: readonly string[]): EventPattern {
  const detail = {
    DaysToExpiry: toldDays,
    ValidityInDays: [{ numeric: ['>=', shortestLifeDays] }, { exists: false }],
    CertificateKeyPairOrigin: ['CUSTOMER_PROVIDED', { exists: false }],
  };
  const ofNames = {
    ...detail,
    $or: [{ CommonName: names }, { FirstSubjectAlternativeName: names }],
  };
  const written = JSON.stringify({ source, 'detail-type': detailType, detail: ofNames });
  const fits = names.length > 0 && written.length <= longestPattern;
  return { source, detailType, detail: fits ? ofNames : detail };
}

const source = ['aws.acm'];
const detailType = ['ACM Certificate Approaching Expiration'];

/** One line without quotes, since EventBridge sends a text in quotes as it is. A name that the event does not have stays empty. */
function textFor({ alerts, installation: sender }: Config): RuleTargetInput {
  const of = (path: string) => EventField.fromPath(path);
  return RuleTargetInput.fromText(
    [
      `${sender}: AWS Certificate Manager reports that a certificate ends in ${of('$.detail.DaysToExpiry')} days`,
      'and that nobody has imported a newer one:',
      `${of('$.detail.FirstSubjectAlternativeName')} (common name: ${of('$.detail.CommonName')}),`,
      `region ${of('$.region')}, account ${of('$.account')}, ${of('$.resources[0]')}.`,
      `This message does not come from certkeep, which may have stopped: see ${alerts.runbook}#${expiryNotice.toLowerCase()}`,
    ].join(' '),
  );
}

/**
 * Without conditions: "You can't use Condition blocks in Amazon SNS topic policies for EventBridge"
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions). A rule of another
 * account cannot use it, since it publishes in a role of its own (eb-service-cross-account.html).
 */
function letRulesPublish(topic: Topic): void {
  topic.grantPublish(new ServicePrincipal('events.amazonaws.com'));
}
