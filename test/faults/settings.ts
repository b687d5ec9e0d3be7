import { fleetSetting } from './fleet.ts';
import { inheritedSetting } from './inherited.ts';
import type { Setting } from './setting.ts';

/** Together they make every call in the permissions (operations.test.ts). */
export const settings: readonly Setting[] = [fleetSetting, inheritedSetting];

/** @throws Error where no setting has that name */
export function settingNamed(name: string): Setting {
  const found = settings.find((setting) => setting.name === name);
  if (found) return found;
  throw new Error(`there is no setting ${name}: ${settings.map((each) => each.name).join(', ')}`);
}
