import { CertkeepError } from '#shared/errors.ts';
import { fetchText } from '#shared/http/fetch-text.ts';
import { whyUnanswered } from '#shared/http/why-unanswered.ts';

/** The server in our own terms: only what the target needs of it. */
export type TemplateClient = {
  /** @throws CertkeepError ListenerNotFound, ServiceFailed */
  listener(name: string): Promise<TemplateListener>;
  /** Takes effect at once. @throws CertkeepError ListenerNotFound, ServiceFailed */
  setCertificate(name: string, arn: string): Promise<void>;
  setTag(name: string, key: string, value: string): Promise<void>;
};

type TemplateListener = {
  readonly host: string;
  readonly port: number;
  readonly certificateArn: string | null;
  readonly tags: Readonly<Record<string, string>>;
};

/** Only this file speaks to the server. Every call ends with the run, and every refusal becomes an error that people can act on. */
export function httpTemplateClient(server: string): TemplateClient {
  async function ask(name: string, method: string, path = '', body?: object): Promise<string> {
    const url = `${server}/listeners/${encodeURIComponent(name)}${path}`;
    const sent = body && { body: JSON.stringify(body) };
    const answer = await fetchText(url, { method, ...sent }).catch((cause) => {
      const message = `template: ${server} does not answer: ${whyUnanswered(cause)}`;
      throw new CertkeepError('ServiceFailed', message, { cause });
    });
    if (answer.status === 404) {
      throw new CertkeepError('ListenerNotFound', `template: ${server} has no listener ${name}`);
    }
    if (answer.isOk) return answer.text;
    const message = `template: ${server} answers ${answer.status} for ${name}`;
    throw new CertkeepError('ServiceFailed', message);
  }

  return {
    listener: async (name) => JSON.parse(await ask(name, 'GET')) as TemplateListener,
    setCertificate: async (name, arn) => void (await ask(name, 'PUT', '/certificate', { arn })),
    setTag: async (name, key, value) => void (await ask(name, 'PUT', '/tags', { [key]: value })),
  };
}
