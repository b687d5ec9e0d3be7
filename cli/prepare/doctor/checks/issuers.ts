import { isCertkeepError } from '#shared/errors.ts';
import { knownDirectory } from '#shared/issuers/acme/directories.ts';
import type { IssuerConfig } from '#shared/issuers/specs.ts';
import { shellWord } from '../../../text/shell-word.ts';
import { type Check, type Finding, ok, type Subject } from '../check.ts';
import { hasStandIn } from '../stand-in.ts';

/** Each CA answers, and gets what it asks new accounts for. */
export const issuers: Check = {
  title: 'Issuers',
  rights: [],
  questions: (subject) =>
    Object.entries(subject.config.issuers).map(([name, issuer]) => ({
      about: name,
      instead: `curl -s ${shellWord(issuer.directory)}`,
      ask: async () => [await lookAt(name, issuer, subject)],
    })),
};

async function lookAt(name: string, issuer: IssuerConfig, subject: Subject): Promise<Finding> {
  const { host } = new URL(issuer.directory);
  if (hasStandIn(issuer, subject.isLocal)) {
    return ok(`the local CA stands in for ${name} (${host}) here`);
  }
  const about = await subject.aboutIssuer(issuer).catch((error) => unanswered(error));
  const asks = knownDirectory(issuer.directory)?.externalAccount === true;
  if ('why' in about) {
    return {
      mark: 'not known',
      text: `${name}: ${about.why}`,
      command: `curl -s ${shellWord(issuer.directory)}`,
    };
  }
  if ((asks || about.needsExternalAccount) && !issuer.externalAccountBinding) {
    return {
      mark: 'wrong',
      text: `${name} asks for an external account, and the file names none`,
      say: `Get key id and key from the CA, write "externalAccountBinding: {secret: certkeep-eab/${name}}" below the issuer in ${subject.file}, and store them:`,
      command: `aws secretsmanager create-secret --region ${subject.config.home.region} --name ${shellWord(`certkeep-eab/${name}`)} --secret-string file://eab.json`,
    };
  }
  const { profile } = issuer;
  if (profile !== undefined && !about.profiles.includes(profile)) {
    return {
      mark: 'wrong',
      text: `${name} has no profile "${profile}" (it has ${about.profiles.join(', ') || 'none'})`,
      say: `Correct "profile:" in ${subject.file}. The CA lists them here:`,
      command: `curl -s ${shellWord(issuer.directory)}`,
    };
  }
  return ok(`${name} answers at ${host}`);
}

function unanswered(error: unknown): { readonly why: string } {
  if (isCertkeepError(error)) return { why: error.message };
  throw error;
}
