import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Channel } from '#shared/channels/channel.ts';
import type { Message } from '#shared/channels/message.ts';
import { snsChannel } from '#shared/channels/sns/sns.ts';
import { plugin } from '#shared/channels/template/plugin.ts';

/** A channel and who receives what it sends. */
type ChannelHarness = {
  readonly channel: Channel;
  /** Subjects and texts, in their order. */
  readonly received: (readonly [subject: string, text: string])[];
  /** The next message is refused. */
  refuseNext(): void;
  close(): Promise<void>;
};

async function sns(): Promise<ChannelHarness> {
  const received: [string, string][] = [];
  let refuses = false;
  const channel = snsChannel({
    async publish({ subject, text }) {
      if (refuses) throw new Error('InvalidParameter');
      received.push([subject, text]);
    },
    deniedActions: async () => [],
  });
  return {
    channel,
    received,
    refuseNext() {
      refuses = true;
    },
    close: async () => undefined,
  };
}

async function webhook(): Promise<ChannelHarness> {
  const received: [string, string][] = [];
  let refuses = false;
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { text, title } = JSON.parse(body);
    if (!refuses) received.push([title, text]);
    response.writeHead(refuses ? 500 : 200).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const topicArn = `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret-path`;
  // Nothing of AWS is asked.
  const options = {} as Parameters<typeof plugin.create>[0]['options'];
  return {
    channel: only(plugin.create({ options, topicArn, keyArn: '', roleArn: '', ownTopic: null })),
    received,
    refuseNext() {
      refuses = true;
    },
    close: async () => void server.close(),
  };
}

function only([channel]: readonly Channel[]): Channel {
  if (!channel) throw new Error('there is no channel');
  return channel;
}

const message: Message = {
  id: 'shop-issued-v1',
  subject: '[certkeep] info: shop was issued',
  short: 'shop was issued',
  text: 'shop was issued\n\nserial 0A',
  attributes: { severity: ['info'], type: 'issued', certificate: 'shop', owner: ['team-shop'] },
};

describe.each([
  ['sns', sns],
  ['template', webhook],
] as const)('a channel of type %s', (_, start) => {
  let harness: ChannelHarness;
  beforeEach(async () => {
    harness = await start();
  });
  afterEach(() => harness.close());

  test('sends a message once, with its subject and all of its text', async () => {
    await harness.channel.send(message);
    expect(harness.received).toEqual([[message.subject, message.text]]);
  });

  test('says that a message was not sent, by the name that alert knows', async () => {
    harness.refuseNext();
    const error = await harness.channel.send(message).catch((thrown) => thrown);
    expect(error).toMatchObject({ name: 'AlertNotSent' });
    expect(String(error)).not.toContain('secret-path');
  });
});

test('a topic to which the role may not publish is told by the rights that are missing', async () => {
  const channel = (denied: readonly string[]) =>
    snsChannel({ publish: async () => undefined, deniedActions: async () => denied });
  await expect(channel([]).prove?.()).resolves.toBeUndefined();
  await expect(channel(['sns:Publish', 'kms:Decrypt']).prove?.()).rejects.toMatchObject({
    name: 'AlertNotSent',
    message: 'the role of alert does not allow sns:Publish, kms:Decrypt',
  });
});
