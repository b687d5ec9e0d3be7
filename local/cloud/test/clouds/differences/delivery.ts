import { accepted, type Difference, motoDiffers } from '../difference.ts';

const sqsApi = 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference';
const eventsApi = 'https://docs.aws.amazon.com/eventbridge/latest/APIReference';
const snsApi = 'https://docs.aws.amazon.com/sns/latest/api';
const assumeRole = 'https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html';

const putParameter =
  'https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html';

/** Parameters, queues, events, messages and roles. */
export const deliveryDifferences: readonly Difference[] = [
  ...motoDiffers('Systems Manager, parameters', [
    ['more than 4 KB are refused', 'taken', accepted, putParameter],
    ['a path has at most fifteen levels', 'taken', accepted, putParameter],
  ]),
  ...motoDiffers('SQS, queues', [
    [
      'a visibility of more than twelve hours is refused',
      'taken',
      accepted,
      `${sqsApi}/API_CreateQueue.html`,
    ],
  ]),
  ...motoDiffers('SQS, FIFO', [
    [
      'an id of 128 characters is taken, a longer one refused',
      'any length is taken',
      accepted,
      `${sqsApi}/API_SendMessage.html`,
    ],
    [
      'an id takes all of ASCII that can be seen, and nothing else',
      'any character is taken',
      accepted,
      `${sqsApi}/API_SendMessage.html`,
    ],
    [
      'the deduplication id counts after the message was deleted',
      'the id is free again',
      /expected \[ '1' \] to deeply equal \[\]/,
      `${sqsApi}/API_SendMessage.html`,
    ],
  ]),
  ...motoDiffers('EventBridge', [
    [
      'an event is accepted whatever becomes of its targets',
      'a function that is not there makes PutEvents itself fail',
      /is not valid JSON/,
      `${eventsApi}/API_PutEvents.html`,
    ],
    [
      'a source that begins with aws. fails',
      'accepted',
      /to match object \[ Array\(1\) \]/,
      `${eventsApi}/API_PutEventsResultEntry.html`,
    ],
    [
      'entries of more than a megabyte are refused',
      'accepted',
      accepted,
      `${eventsApi}/API_PutEvents.html`,
    ],
  ]),
  ...motoDiffers('SNS', [
    ['a subject with a line break is refused', 'taken', accepted, `${snsApi}/API_Publish.html`],
    ['an empty message is refused', 'taken', accepted, `${snsApi}/API_MessageAttributeValue.html`],
    [
      'a message with bodies for protocols must have a default',
      'taken',
      accepted,
      `${snsApi}/API_Publish.html`,
    ],
    [
      'an address waits for its confirmation',
      'confirmed at once',
      /to be 'pending confirmation'/,
      `${snsApi}/API_Subscribe.html`,
    ],
    [
      'a subscription that waits is listed as such',
      'listed as confirmed. No page names PendingConfirmation in a listing',
      /to match object \[ \{/,
      null,
    ],
  ]),
  ...motoDiffers('STS', [
    ['a session of less than a quarter of an hour is refused', 'given', accepted, assumeRole],
    ['a session name of one character is refused', 'taken', accepted, assumeRole],
  ]),
];
