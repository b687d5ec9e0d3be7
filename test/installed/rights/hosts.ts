import { configText } from '#test/support/fleet.ts';
import { healthy, hour, type Scenario } from './scenario.ts';

const elsewhere = { region: 'eu-central-1', account: '222222222222' };
const document = 'document: certkeep-files';

/** Some are named, some have a tag, and one looks by itself. */
export const hosts: Scenario = {
  name: 'hosts that run TLS themselves are told to fetch it, in another account too',
  source: configText(`
  web:
    names: [web.example.com]
    issuer: local
    targets:
      - {type: files, probe: web.example.com, push: {${document}, instances: [i-0123456789abcdef0, mi-0123456789abcdef0]}}
  mail:
    names: [mail.example.com]
    issuer: local
    targets:
      - {type: files, probe: mail.example.com, push: {${document}, tag: {key: Role, values: [mail]}}, region: ${elsewhere.region}, account: "${elsewhere.account}"}
  chat:
    names: [chat.example.com]
    issuer: local
    targets: [{type: files, probe: chat.example.com}]
`),
  async run(world) {
    await world.check();
    await world.live(hour);
  },
  problems: healthy,
};
