import type { Config } from '#shared/config/config.ts';
import type { Setting, SettingOptions } from '../setting.ts';

export const scenarioNames = [
  'drift',
  'secret-deleted',
  'listener-gone',
  'ca-down',
  'caa',
  'key-leaked',
] as const;

export type ScenarioName = (typeof scenarioNames)[number];

/** Something that breaks while a fleet is kept, and is mended by the command in the message about it. */
export type Scenario = {
  /** What breaks, in one sentence. */
  readonly breaks: string;
  /** What passes faster here than on AWS, in one sentence. */
  readonly hurried: string;
  /** The reason in the message that has the command. */
  readonly reason: string;
  /** What the set-up needs for it. */
  readonly options?: Pick<SettingOptions, 'timings' | 'ca'>;
  /** The part of the configuration that the scenario is about. */
  readonly certificates: (config: Config) => readonly string[];
  breakIt(setting: Setting): Promise<void>;
  /** Happens after the message, before its command makes sense. Returns what people should know of it. */
  afterMessage?(setting: Setting): Promise<string>;
  /** Lets the time pass that the next check would wait for. */
  hurry?(setting: Setting): Promise<void>;
};
