import type { ScenarioGroup } from './scenario.ts';
import { acmImport } from './scenarios/acm-import.ts';
import { acmListing } from './scenarios/acm-listing.ts';
import { acmReimport } from './scenarios/acm-reimport.ts';
import { acmTags } from './scenarios/acm-tags.ts';
import { apiGatewayDomains } from './scenarios/api-gateway-domains.ts';
import { cloudfrontDistributions } from './scenarios/cloudfront.ts';
import { elbClassic } from './scenarios/elb-classic.ts';
import { elbv2Listeners } from './scenarios/elbv2-listeners.ts';
import { elbv2Network } from './scenarios/elbv2-network.ts';
import { elbv2RuleListing } from './scenarios/elbv2-rule-listing.ts';
import { elbv2Rules } from './scenarios/elbv2-rules.ts';
import { elbv2Sni } from './scenarios/elbv2-sni.ts';
import { eventbridgeEvents } from './scenarios/eventbridge-events.ts';
import { iamServerCertificates } from './scenarios/iam-server-certificates.ts';
import { route53Txt } from './scenarios/route53-txt.ts';
import { s3Conditions } from './scenarios/s3-conditions.ts';
import { secretsReplicas } from './scenarios/secrets-replicas.ts';
import { secretsVersions } from './scenarios/secrets-versions.ts';
import { snsTopics } from './scenarios/sns-topics.ts';
import { sqsFifo } from './scenarios/sqs-fifo.ts';
import { sqsQueues } from './scenarios/sqs-queues.ts';
import { ssmCommands } from './scenarios/ssm-commands.ts';
import { ssmParameters } from './scenarios/ssm-parameters.ts';
import { stsIdentity } from './scenarios/sts-identity.ts';
import { taggedResources } from './scenarios/tagging.ts';

/** Everything that is asked of both clouds, in the order of a certificate's path. */
export const scenarioGroups: readonly ScenarioGroup[] = [
  route53Txt,
  secretsVersions,
  secretsReplicas,
  s3Conditions,
  acmImport,
  acmReimport,
  acmListing,
  acmTags,
  elbv2Listeners,
  elbv2Sni,
  elbv2Network,
  elbv2Rules,
  elbv2RuleListing,
  elbClassic,
  iamServerCertificates,
  apiGatewayDomains,
  cloudfrontDistributions,
  taggedResources,
  ssmParameters,
  ssmCommands,
  sqsQueues,
  sqsFifo,
  eventbridgeEvents,
  snsTopics,
  stsIdentity,
];
