import { parentOf } from '../../syntax/go-path.js';
import type { Install } from '../installs.js';
import { addPatterns, inFolder, type Reading } from './reading.js';

/** What Bundler reads: the Gemfile, what it evaluates, and the gemspecs and gems of this repository that it names. */
export function readRuby({ manager, manifestArguments }: Install, folder: string, reading: Reading): boolean {
  const named = manifestArguments[0];
  const file = named ?? manager.manifests.find((name) => reading.context.entry(inFolder(folder, name))) ?? 'Gemfile';
  const path = inFolder(folder, file);
  const text = reading.read(path);
  if (text === undefined) return false;
  const home = parentOf(path);
  addPatterns(reading, home, [
    `${path.slice(home ? home.length + 1 : 0)}.lock`,
    ...manager.lockfiles,
    ...manager.settings,
  ]);
  readGemfile(text, home, reading);
  return true;
}

/** What a Gemfile may load or run besides what is looked for by name; a plugin of Bundler runs with the project around it. */
const runsOther =
  /`|%x|^\s*plugin\b|\b(?:YAML|JSON|Psych|Open3)\.|\b(?:load|instance_eval|class_eval|eval|open|system|exec)[\s(]+\S|\bFileTest\b|\btest[\s(]+\?/;

function readGemfile(text: string, home: string, reading: Reading, depth = 0): void {
  const lines = text.split('\n').flatMap((line) => (/^\s*#/.test(line) ? [] : line.replace(/\s#\s.*$/, '')));
  for (const line of lines) {
    if (/^\s*gemspec\b/.test(line)) readGemspecs(inFolder(home, /path:\s*["']([^"']+)/.exec(line)?.[1] ?? ''), reading);
    const path =
      /\bpath(?::|\s*=>)\s*["']([^"']+)["']/.exec(line)?.[1] ?? /^\s*path\s+["']([^"']+)["']/.exec(line)?.[1];
    if (path !== undefined && !/^\s*gemspec\b/.test(line)) {
      reading.add(inFolder(home, path));
      reading.doubts.add(`the Gemfile has a gem of this repository in ${path}, whose gemspec may read other files`);
    }
    const here =
      /\bgit(?::|\s*=>)\s*["'](\.{0,2}\/[^"']*)["']/.exec(line)?.[1] ?? /["'](file:[^"']*)["']/.exec(line)?.[1];
    if (here !== undefined) reading.doubts.add(`the Gemfile takes gems from ${here}`);
    const included = /\beval_gemfile[\s(]+["']([^"']+)["']/.exec(line)?.[1];
    const more = included === undefined || depth > 5 ? undefined : reading.read(inFolder(home, included));
    if (more !== undefined) readGemfile(more, home, reading, depth + 1);
    const reads = /\b(?:require|require_relative|File|Dir|IO|Pathname)\b/.test(line) || /^\s*ruby\s+file:/.test(line);
    if (runsOther.test(line)) reading.doubts.add('the Gemfile runs or reads something else');
    if (!reads || (/^\s*gem\b/.test(line) && !/\b(?:File|Dir|IO|Pathname)[.[]/.test(line))) continue;
    const named = [...line.matchAll(/["']([^"'\s]+)["']/g)].map((match) => match[1] ?? '');
    const found = named.filter((name) => ['', '.rb'].some((end) => reading.add(inFolder(home, `${name}${end}`))));
    if (found.length === 0 && /\b(?:File|Dir|IO|Pathname)\b[.[]/.test(line))
      reading.doubts.add('the Gemfile reads other files');
  }
}

/** A gemspec mostly takes its version from a file below lib/. */
function readGemspecs(folder: string, reading: Reading): void {
  addPatterns(reading, folder, ['*.gemspec']);
  for (const path of [...reading.files].filter((one) => one.endsWith('.gemspec') && parentOf(one) === folder)) {
    const text = reading.read(path) ?? '';
    for (const match of text.matchAll(/\brequire(?:_relative)?[\s(]+["']([^"']+)["']/g)) {
      const name = (match[1] ?? '').replace(/(?:\.rb)?$/, '.rb');
      reading.add(inFolder(folder, name)) || reading.add(inFolder(folder, `lib/${name}`));
    }
    for (const match of text.matchAll(/\bFile\.read[\s(]+["']([^"']+)["']/g))
      reading.add(inFolder(folder, match[1] ?? ''));
  }
  reading.doubts.add('the gemspec is evaluated before the files it lists are there');
}
