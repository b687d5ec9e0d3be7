import type { Place } from '../../wire/place.ts';
import { AwsError, ask, type Operations } from '../../wire/service.ts';
import { transformed } from './input-transformer.ts';
import type { Delivery } from './state.ts';
import { targetService } from './targets.ts';

export type TopicDeliveries = {
  /** Publishes a matched event to the rule's topic; does nothing where the target is no topic. */
  deliver(delivery: Delivery): void;
  /** Resolves when everything has reached its topic, or is lost. */
  told(): Promise<void>;
  /** Each message that could not be published, and why. EventBridge counts it in FailedInvocations, and tells nobody. */
  readonly lost: readonly string[];
};

/** EventBridge as a publisher: one event after the other, under the policy of the topic and of its key. */
export function topicDeliveries(options: {
  readonly sns: { readonly operations: Operations };
  readonly missingToPublish: (topicArn: string, place: Place) => Promise<readonly string[]>;
}): TopicDeliveries {
  const lost: string[] = [];
  let telling = Promise.resolve();

  async function publish({ event, ruleArn, target }: Delivery): Promise<void> {
    const { account, region } = event;
    const { Arn: TopicArn = '', InputTransformer } = target;
    const missing = await options.missingToPublish(TopicArn, { account, region });
    if (missing.length > 0) {
      lost.push(`${ruleArn}: ${TopicArn}: EventBridge lacks ${missing.join(', ')}`);
      return;
    }
    const Message = InputTransformer ? transformed(InputTransformer, event) : JSON.stringify(event);
    try {
      const call = { account, region, accessKeyId: 'events' };
      ask(options.sns, 'Publish', { TopicArn, Message }, call);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      lost.push(`${ruleArn}: ${TopicArn}: ${error.message}`);
    }
  }

  return {
    deliver(delivery) {
      if (targetService(delivery.target.Arn) !== 'sns') return;
      telling = telling.then(() => publish(delivery));
    },
    told: () => telling,
    lost,
  };
}
