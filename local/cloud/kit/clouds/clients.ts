import { ACM } from '@aws-sdk/client-acm';
import { APIGateway } from '@aws-sdk/client-api-gateway';
import { CloudFront } from '@aws-sdk/client-cloudfront';
import { ElasticLoadBalancing } from '@aws-sdk/client-elastic-load-balancing';
import { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import { EventBridge } from '@aws-sdk/client-eventbridge';
import { IAM } from '@aws-sdk/client-iam';
import { ResourceGroupsTaggingAPI } from '@aws-sdk/client-resource-groups-tagging-api';
import { Route53 } from '@aws-sdk/client-route-53';
import { S3 } from '@aws-sdk/client-s3';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';
import { SSM } from '@aws-sdk/client-ssm';
import { STS } from '@aws-sdk/client-sts';
import type { CloudUnderTest } from './cloud.ts';

/** The unmodified SDK in one region of a cloud. */
export function clientsOf(cloud: CloudUnderTest, region?: string) {
  const options = cloud.clientOptions(region);
  return {
    acm: new ACM(options),
    apiGateway: new APIGateway(options),
    cloudfront: new CloudFront(options),
    elb: new ElasticLoadBalancing(options),
    elbv2: new ElasticLoadBalancingV2(options),
    events: new EventBridge(options),
    iam: new IAM(options),
    route53: new Route53(options),
    s3: new S3(options),
    secrets: new SecretsManager(options),
    sns: new SNS(options),
    sqs: new SQS(options),
    ssm: new SSM(options),
    sts: new STS(options),
    tagging: new ResourceGroupsTaggingAPI(options),
  };
}
