import type { Advice } from './advice.ts';

export const topicAdvice: Advice = (value) => {
  if (/^arn:[^:]*:sns:.*\.fifo$/.test(value)) {
    return {
      message:
        'is a FIFO topic, which keeps messages in order for queues, and takes none from certkeep',
      fix: 'Write a standard topic. A FIFO queue cannot be subscribed to it; a standard queue can.',
    };
  }
  const [, topic] = /^(arn:[^:]*:sns:[^:]*:\d{12}:[\w-]+):[0-9a-f-]{36}$/.exec(value) ?? [];
  if (topic) {
    return { message: 'is the ARN of a subscription', fix: `Write that of its topic: ${topic}.` };
  }
  if (/^arn:[^:]*:(?:sqs|lambda|firehose):/.test(value) || /^https?:/.test(value)) {
    return { fix: 'Write the ARN of a topic, and subscribe this to it: aws sns subscribe.' };
  }
  return /^[\w-]{1,256}$/.test(value)
    ? {
        message: 'is the name of a topic, not its ARN',
        fix: `Write its ARN: aws sns list-topics --query "Topics[?ends_with(TopicArn, ':${value}')].TopicArn".`,
      }
    : null;
};
