import { accepted, type Difference, motoDiffers } from '../difference.ts';

const sqsApi = 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference';
const eventsApi = 'https://docs.aws.amazon.com/eventbridge/latest/APIReference';
const snsApi = 'https://docs.aws.amazon.com/sns/latest/api';
const assumeRole = 'https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html';

const ssmApi = 'https://docs.aws.amazon.com/systems-manager/latest/APIReference';
const putParameter = `${ssmApi}/API_PutParameter.html`;
const sendCommand = `${ssmApi}/API_SendCommand.html`;
const listCommands = `${ssmApi}/API_ListCommands.html`;

/** Parameters, queues, events, messages and roles. */
export const deliveryDifferences: readonly Difference[] = [
  ...motoDiffers('Systems Manager, parameters', [
    ['more than 4 KB are refused', 'taken', accepted, putParameter],
    ['a path has at most fifteen levels', 'taken', accepted, putParameter],
  ]),
  ...motoDiffers('Systems Manager, Run Command', [
    [
      'a command is pending at first, and has counted no hosts',
      'carried out at once',
      /to match object/,
      sendCommand,
    ],
    [
      'commands are listed by their document',
      'all are listed, whatever the filter',
      /to deeply equal \[ 'mine' \]/,
      listCommands,
    ],
    [
      'commands are listed since a time, page by page',
      'all of them on one page',
      /to have a length of 1 but got/,
      listCommands,
    ],
    [
      'what became of a command is listed by host, and of one that is not there refused',
      'it does not know the operation',
      /is not valid JSON/,
      `${ssmApi}/API_ListCommandInvocations.html`,
    ],
    ['another region has documents of its own', 'sent', accepted, sendCommand],
    ['a document that is not there is not sent', 'sent', accepted, sendCommand],
    [
      'a value that does not match the pattern of the document is not sent',
      'sent',
      accepted,
      sendCommand,
    ],
    ['a parameter that the document does not have is not sent', 'sent', accepted, sendCommand],
    ['a host that is not managed gets nothing', 'sent', accepted, sendCommand],
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
