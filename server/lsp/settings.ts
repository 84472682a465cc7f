import { defaultSettings, type LayerwiseSettings } from './protocol.js';

/** Puts settings of whatever origin, each weaker than the one after it, into a whole; values of a wrong type are passed over. */
export function mergeSettings(...sources: readonly unknown[]): LayerwiseSettings {
  const merged: Record<string, unknown> = { ...defaultSettings };
  for (const source of sources) {
    if (typeof source !== 'object' || source === null) continue;
    for (const [name, value] of Object.entries(source)) if (isValid(name, value)) merged[name] = value;
  }
  return merged as unknown as LayerwiseSettings;
}

const choices: Readonly<Record<string, readonly string[]>> = {
  run: ['onType', 'onSave'],
  languageFeatures: ['auto', 'on', 'off'],
  history: ['lens', 'inlay', 'off'],
};

function isValid(name: string, value: unknown): boolean {
  if (!Object.hasOwn(defaultSettings, name)) return false;
  if (name in choices) return choices[name]?.includes(String(value)) ?? false;
  if (typeof value === 'number') return name === 'timeBudget' && value >= 0;
  return typeof value === typeof defaultSettings[name as keyof LayerwiseSettings];
}
