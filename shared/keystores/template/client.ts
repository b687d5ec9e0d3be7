import { CertkeepError } from '#shared/errors.ts';
import { fetchText, type TextAnswer } from '#shared/http/fetch-text.ts';

/** A document, and its version, which a write must name. */
export type Stored<Document> = { readonly document: Document; readonly version: number };

export type DocumentClient = {
  /** @throws CertkeepError KeyStoreUnreadable */
  read<Document>(path: string): Promise<Stored<Document> | null>;
  /**
   * Writes only over that version, 0 where there is none. Returns false where somebody else wrote first. @throws
   * CertkeepError KeyStoreUnreadable
   */
  write(path: string, document: object, over: number): Promise<boolean>;
};

/** Only this file speaks to the store. */
export function httpDocumentClient(server: string): DocumentClient {
  async function ask(path: string, method: string, body?: object): Promise<TextAnswer> {
    const sent = body && { body: JSON.stringify(body) };
    const answer = await fetchText(`${server}/${path}`, { method, ...sent });
    if (answer.isOk || answer.status === 404 || answer.status === 409) return answer;
    throw new CertkeepError('KeyStoreUnreadable', `${path}: the store answers ${answer.status}`);
  }
  return {
    async read<Document>(path: string) {
      const answer = await ask(path, 'GET');
      return answer.status === 404 ? null : (JSON.parse(answer.text) as Stored<Document>);
    },
    write: async (path, document, over) =>
      (await ask(path, 'PUT', { document, over })).status !== 409,
  };
}
