import type { PublishedMessage } from 'local-cloud/services/sns/state.ts';

/** The messages as a mail program would show them; of an alarm, what a person reads first in its JSON. */
export function inbox(messages: readonly PublishedMessage[]): string {
  return messages
    .filter(({ recipients }) => recipients.length > 0)
    .map(({ publishedAt, subject, message }) => {
      const head = `${publishedAt.toISOString().slice(11, 19)}  ${subject ?? '(no subject)'}`;
      const alarm = alarmIn(message);
      // An alarm that begins is well, and nobody has to read more than that.
      if (alarm?.OldStateValue === 'INSUFFICIENT_DATA') return head;
      const body = alarm ? `${alarm.AlarmDescription}\n${alarm.NewStateReason}` : message;
      return [head, ...body.split('\n').map((line) => `    ${line}`.trimEnd())].join('\n');
    })
    .join('\n\n');
}

type AlarmMessage = Readonly<
  Record<'AlarmDescription' | 'NewStateReason' | 'OldStateValue', string>
>;

function alarmIn(message: string): AlarmMessage | null {
  return message.startsWith('{"AlarmName"') ? JSON.parse(message) : null;
}
