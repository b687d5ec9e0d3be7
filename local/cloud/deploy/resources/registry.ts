import type { Provider } from '../provider.ts';
import { alarm } from './cloudwatch.ts';
import { listenerRule, targetGroup } from './elbv2.ts';
import { eventBus, eventBusPolicy, rule } from './events.ts';
import { lambdaAlias, lambdaFunction } from './function.ts';
import { managedPolicy, policy, role } from './iam.ts';
import { eventInvokeConfig, eventSourceMapping, permission } from './invocations.ts';
import { alias, key, replicaKey } from './kms.ts';
import { logGroup } from './logs.ts';
import { bucket, bucketPolicy } from './s3.ts';
import { schedule, scheduleGroup } from './scheduler.ts';
import { subscription, topic, topicPolicy } from './sns.ts';
import { queue, queuePolicy } from './sqs.ts';

// biome-ignore lint/suspicious/noExplicitAny: each provider has properties of its own, which its schema ties to it
export type AnyProvider = Provider<any>;

/** Every resource type that can be deployed here. */
export const providers: Readonly<Record<string, AnyProvider>> = {
  'AWS::CloudWatch::Alarm': alarm,
  'AWS::ElasticLoadBalancingV2::ListenerRule': listenerRule,
  'AWS::ElasticLoadBalancingV2::TargetGroup': targetGroup,
  'AWS::Events::EventBus': eventBus,
  'AWS::Events::EventBusPolicy': eventBusPolicy,
  'AWS::Events::Rule': rule,
  'AWS::IAM::ManagedPolicy': managedPolicy,
  'AWS::IAM::Policy': policy,
  'AWS::IAM::Role': role,
  'AWS::KMS::Alias': alias,
  'AWS::KMS::Key': key,
  'AWS::KMS::ReplicaKey': replicaKey,
  'AWS::Lambda::Alias': lambdaAlias,
  'AWS::Lambda::EventInvokeConfig': eventInvokeConfig,
  'AWS::Lambda::EventSourceMapping': eventSourceMapping,
  'AWS::Lambda::Function': lambdaFunction,
  'AWS::Lambda::Permission': permission,
  'AWS::Logs::LogGroup': logGroup,
  'AWS::S3::Bucket': bucket,
  'AWS::S3::BucketPolicy': bucketPolicy,
  'AWS::SNS::Subscription': subscription,
  'AWS::SNS::Topic': topic,
  'AWS::SNS::TopicPolicy': topicPolicy,
  'AWS::SQS::Queue': queue,
  'AWS::SQS::QueuePolicy': queuePolicy,
  'AWS::Scheduler::Schedule': schedule,
  'AWS::Scheduler::ScheduleGroup': scheduleGroup,
};

/** Resource types for which nothing is created here, on purpose, with the reason. */
export const inert: Readonly<Record<string, string>> = {
  'AWS::CDK::Metadata': 'it tells AWS which constructs are used',
  'AWS::CloudWatch::Dashboard': 'nobody could look at it here',
};
