import type { PublishedMessage } from 'local-cloud/services/sns/state.ts';

export type Letter = Pick<PublishedMessage, 'publishedAt' | 'subject' | 'message' | 'recipients'>;

/** The messages as a mail program would show them; of an alarm, what a person reads first in its JSON. */
export function inbox(messages: readonly Letter[]): string {
  return received(messages)
    .map((letter) => {
      const alarm = alarmIn(letter.message);
      if (isOfBeginning(letter)) return headOf(letter);
      const body = alarm ? `${alarm.AlarmDescription}\n${alarm.NewStateReason}` : letter.message;
      return [headOf(letter), ...body.split('\n').map((line) => `    ${line}`.trimEnd())].join(
        '\n',
      );
    })
    .join('\n\n');
}

/** An alarm that begins is well, and nobody has to read more than that. */
export function isOfBeginning({ message }: Pick<Letter, 'message'>): boolean {
  return alarmIn(message)?.OldStateValue === 'INSUFFICIENT_DATA';
}

/** The messages as a list of them would show them, each in one line. */
export function subjects(messages: readonly Letter[]): string {
  return received(messages).map(headOf).join('\n');
}

function received(messages: readonly Letter[]): readonly Letter[] {
  return messages.filter(({ recipients }) => recipients.length > 0);
}

function headOf({ publishedAt, subject }: Letter): string {
  return `${publishedAt.toISOString().slice(11, 19)}  ${subject ?? '(no subject)'}`;
}

type AlarmMessage = Readonly<
  Record<'AlarmDescription' | 'NewStateReason' | 'OldStateValue', string>
>;

function alarmIn(message: string): AlarmMessage | null {
  return message.startsWith('{"AlarmName"') ? JSON.parse(message) : null;
}
