import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { root } from './helpers/root.js';

/** Who may import whom: rooms of `server/` (or single files) and packages. The table of the architecture. */
const table: Readonly<Record<string, { rooms: readonly string[]; packages: readonly string[] }>> = {
  syntax: { rooms: ['syntax'], packages: ['dockerfile-ast', 'unbash', 'smol-toml', 'jsonc-parser'] },
  knowledge: { rooms: ['knowledge'], packages: [] },
  model: { rooms: ['model', 'syntax', 'knowledge'], packages: [] },
  cache: { rooms: ['cache', 'syntax', 'model', 'knowledge'], packages: [] },
  core: { rooms: ['core', 'syntax', 'model', 'cache'], packages: ['valibot'] },
  rules: {
    rooms: ['rules/options', 'core/rule', 'core/finding', 'syntax', 'model', 'cache', 'knowledge'],
    packages: ['valibot'],
  },
  report: { rooms: ['report', 'core', 'cache', 'syntax/text', 'syntax/tree'], packages: ['picocolors', 'diff'] },
  project: {
    rooms: ['project', 'core', 'model', 'cache', 'syntax'],
    packages: ['node:*', 'ignore', 'yaml', 'jsonc-parser', 'picomatch'],
  },
  cli: {
    rooms: ['cli', 'syntax', 'model', 'cache', 'knowledge', 'core', 'rules', 'report', 'project'],
    packages: ['node:*', 'picocolors', 'valibot'],
  },
  lsp: {
    rooms: ['lsp', 'syntax', 'model', 'cache', 'knowledge', 'core', 'rules', 'report', 'project'],
    packages: ['node:*', 'vscode-languageserver', 'vscode-languageserver-textdocument'],
  },
  client: { rooms: ['client', 'lsp/protocol'], packages: ['node:*', 'vscode', 'vscode-languageclient'] },
};

/** Only these files may import the package. */
const soleImporters: Readonly<Record<string, RegExp>> = {
  'dockerfile-ast': /^server\/syntax\//,
  unbash: /^server\/syntax\/shell/,
  'smol-toml': /^server\/syntax\/toml\.ts$/,
  diff: /^server\/report\/line-diff\.ts$/,
};

interface Import {
  readonly from: string;
  readonly target: string;
}

const files = [...sources('server'), ...sources('client')].filter((file) => !file.startsWith('server/tools/'));
const imports = files.flatMap(importsOf);
const ruleFiles = files
  .filter((file) => /^server\/rules\/[^/]+\//.test(file))
  .filter((file) => /export const \w+ = define(?:IgnoreFile)?Rule\(/.test(readFileSync(join(root, file), 'utf8')))
  .map((file) => file.replace(/\.ts$/, ''));

describe('architecture', () => {
  it('reads every import', () => {
    assert.ok(imports.length > 50);
  });

  it('lets each room import only what the table allows', () => {
    const wrong = imports
      .filter(({ from, target }) => !allowed(from, target))
      .map(({ from, target }) => `${from} imports ${target}`);
    assert.deepEqual(wrong, []);
  });

  it('keeps a rule from importing another rule or the engine', () => {
    const wrong = imports.filter(({ from, target }) => {
      if (!/^server\/rules\/[^/]+\//.test(from)) return false;
      return /^server\/rules\/[^/]+\//.test(target) && !sharesName(from, target);
    });
    assert.deepEqual(wrong, []);
  });

  it('keeps each parser behind one door', () => {
    const importers = new Map<string, Set<string>>();
    for (const { from, target } of imports) {
      if (!(target in soleImporters)) continue;
      assert.match(from, soleImporters[target] ?? /^$/);
      importers.set(target, (importers.get(target) ?? new Set()).add(from));
    }
    for (const [name, users] of importers)
      assert.equal(users.size, 1, `${name} is imported by ${[...users].join(', ')}`);
  });

  it('has no default export and no barrel but the public API', () => {
    for (const file of files) {
      const text = readFileSync(join(root, file), 'utf8');
      assert.doesNotMatch(text, /^export default /m, file);
      if (file !== 'server/index.ts') assert.doesNotMatch(text, /^export \* from/m, file);
    }
  });
});

/** A rule may be split: `copy-before-install.ts`, `copy-before-install-fix.ts`, `copy-before-install-text.ts` belong together. */
function sharesName(from: string, target: string): boolean {
  const stem = (file: string) => file.replace(/\.ts$/, '');
  return ruleFiles.some((rule) =>
    [from, target].every((file) => stem(file) === rule || stem(file).startsWith(`${rule}-`)),
  );
}

function allowed(from: string, target: string): boolean {
  const room = roomOf(from);
  if (room === 'rules' && from === 'server/rules/index.ts') return /^server\/(rules|core)\//.test(target);
  if (room === 'index.ts') return target.startsWith('server/');
  const row = table[room];
  if (!row) return false;
  if (target.startsWith('server/') || target.startsWith('client/')) {
    if (room === 'cli' && from === 'server/cli/commands/lsp.ts' && target === 'server/lsp/main.ts') return true;
    if (room === 'rules' && sharesName(from, target)) return true;
    const path = target.replace(/^server\//, '').replace(/\.ts$/, '');
    return row.rooms.some((name) => path === name || path.startsWith(`${name}/`));
  }
  return row.packages.some((name) =>
    name === 'node:*' ? target.startsWith('node:') : target === name || target.startsWith(`${name}/`),
  );
}

function roomOf(file: string): string {
  const [top = '', second = ''] = file.split('/');
  return top === 'client' ? 'client' : second;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found: Import[] = [];
  for (const match of text.matchAll(
    /(?:^|\n)\s*(?:import|export)\s[^'";]*?from\s*'([^']+)'|\bimport\(\s*'([^']+)'\s*\)|(?:^|\n)import\s+'([^']+)'/g,
  )) {
    const name = match[1] ?? match[2] ?? match[3] ?? '';
    if (builtinModules.includes(name)) assert.fail(`${file} imports ${name} without node:`);
    const target = name.startsWith('.')
      ? relative(root, join(root, dirname(file), name))
          .replaceAll('\\', '/')
          .replace(/\.js$/, '.ts')
      : name;
    found.push({ from: file, target });
  }
  return found;
}

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
}
