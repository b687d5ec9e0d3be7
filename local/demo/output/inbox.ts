import type { PublishedMessage } from 'local-cloud/services/sns/state.ts';

/** The alerts as a mail program would show them. */
export function inbox(messages: readonly PublishedMessage[]): string {
  return messages
    .map(({ publishedAt, subject, message }) => {
      const head = `${publishedAt.toISOString().slice(11, 19)}  ${subject ?? '(no subject)'}`;
      const body = message.split('\n').map((line) => `    ${line}`.trimEnd());
      return [head, ...body].join('\n');
    })
    .join('\n\n');
}
