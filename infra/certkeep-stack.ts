import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { namesOf } from '#shared/installation.ts';
import { Certkeep, type CertkeepProps } from './certkeep.ts';

/** The home stack, with everything that runs. */
export class CertkeepStack extends Stack {
  readonly certkeep: Certkeep;

  constructor(scope: Construct, id: string, props: CertkeepProps) {
    const { config } = props;
    const names = namesOf(config);
    super(scope, id, {
      stackName: names.stack,
      description: 'certkeep: keeps TLS certificates renewed and proves that they are served.',
      env: { account: config.home.account, region: config.home.region },
    });
    this.certkeep = new Certkeep(this, 'Certkeep', props);
    const { topic } = this.certkeep;
    this.output('BucketName', names.bucket, 'Records, certificates and chains.');
    this.output('TopicArn', topic.topicArn, 'The topic of all messages: subscribe to it.');
    this.output(
      'CheckFunction',
      names.function('check'),
      'Invoke its alias retry after a failure; force or override issues again.',
    );
  }

  private output(name: string, value: string, description: string): void {
    new CfnOutput(this, name, { value, description });
  }
}
