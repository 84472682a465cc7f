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
  for (const name of [`${path}.lock`, ...manager.lockfiles.map((one) => inFolder(home, one))])
    if (reading.files.has(name)) readLockedPaths(reading.context.read(name) ?? '', home, reading);
  return true;
}

/** Folders that the lockfile has gems of, however the Gemfile names them (`LockfileParser` of Bundler); `.` is that of `gemspec`. */
function readLockedPaths(lockfile: string, home: string, reading: Reading): void {
  for (const [, path = ''] of lockfile.matchAll(/^PATH\r?\n {2}remote: (.+?)\s*$/gm))
    if (path !== '.') addGem(path, home, reading);
}

function addGem(path: string, home: string, reading: Reading): void {
  reading.add(inFolder(home, path));
  reading.doubts.add(`the Gemfile has a gem of this repository in ${path}, whose gemspec may read other files`);
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
    if (path !== undefined && !/^\s*gemspec\b/.test(line)) addGem(path, home, reading);
    const here =
      /\bgit(?::|\s*=>)\s*["'](\.{0,2}\/[^"']*)["']/.exec(line)?.[1] ?? /["'](file:[^"']*)["']/.exec(line)?.[1];
    if (here !== undefined) reading.doubts.add(`the Gemfile takes gems from ${here}`);
    if (/\beval_gemfile\b/.test(line)) readIncluded(line, home, reading, depth);
    const reads = /\b(?:require|require_relative|File|Dir|IO|Pathname)\b/.test(line) || /^\s*ruby\s+file:/.test(line);
    if (runsOther.test(line)) reading.doubts.add('the Gemfile runs or reads something else');
    if (!reads || (/^\s*gem\b/.test(line) && !/\b(?:File|Dir|IO|Pathname)[.[]/.test(line))) continue;
    const named = [...line.matchAll(/["']([^"'\s]+)["']/g)].map((match) => match[1] ?? '');
    const found = named.filter((name) => ['', '.rb'].some((end) => reading.add(inFolder(home, `${name}${end}`))));
    if (found.length === 0 && /\b(?:File|Dir|IO|Pathname)\b[.[]/.test(line))
      reading.doubts.add('the Gemfile reads other files');
  }
}

/** `eval_gemfile "other"`, and with `__dir__` in a text or before more of them. */
function readIncluded(line: string, home: string, reading: Reading, depth: number): void {
  const words = [...line.replace(/.*\beval_gemfile\b/, '').matchAll(/["']([^"']+)["']/g)].map(([, word = '']) => word);
  const path = inFolder(home, words.join('/').replace(/^#\{__dir__\}\//, ''));
  const text = words.length === 0 || depth > 5 ? undefined : reading.read(path);
  if (text === undefined) reading.doubts.add('the Gemfile runs or reads something else');
  else readGemfile(text, parentOf(path), reading, depth + 1);
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
