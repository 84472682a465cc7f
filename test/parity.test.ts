import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { rules } from '../server/rules/index.js';
import { root } from './helpers/root.js';

/** rule ↔ file ↔ test ↔ page ↔ README ↔ schema: nothing may be forgotten. */
describe('parity', () => {
  const ruleFiles = readdirSync(join(root, 'server/rules'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && entry.parentPath !== join(root, 'server/rules'))
    .map((entry) => join(entry.parentPath, entry.name));
  const own = rules.filter((rule) => rule.target !== 'engine');

  it('registers every rule file', () => {
    const named = ruleFiles.filter((file) =>
      /export const \w+ = define(?:IgnoreFile)?Rule\(/.test(readFileSync(file, 'utf8')),
    );
    assert.deepEqual(named.map((file) => basename(file, '.ts')).sort(), own.map(({ name }) => name).sort());
  });

  it('sorts the rules by name, each name once', () => {
    const names = rules.map(({ name }) => name);
    assert.deepEqual(names, [...new Set(names)].sort());
  });

  for (const rule of rules) {
    describe(rule.name, () => {
      it('has a name that reads after "allow"', () => {
        assert.match(rule.name, /^[a-z]+(-[a-z]+)+$/);
        assert.doesNotMatch(rule.name, /^(no|prefer|use|require|avoid)-/);
      });

      it('has a page', () => assert.ok(existsSync(join(root, `docs/rules/${rule.name}.md`))));

      it('stands in the README', () => {
        assert.ok(readFileSync(join(root, 'README.md'), 'utf8').includes(`(docs/rules/${rule.name}.md)`));
      });

      it('stands in the schema of the config', () => {
        const schema = JSON.parse(readFileSync(join(root, 'docs/schema/config.schema.json'), 'utf8'));
        assert.ok(schema.properties.rules.properties[rule.name]);
      });

      it('documents itself', () => {
        assert.match(rule.docs.summary, /^\S.*\.$/);
        assert.ok(rule.docs.why.length > 80, 'why is too short to be of use');
        for (const link of rule.docs.links) assert.match(link, /^https:\/\//);
      });

      if (rule.target === 'engine') return;
      it('has its file and its test in the folder of its category', () => {
        assert.ok(existsSync(join(root, `server/rules/${rule.category}/${rule.name}.ts`)));
        assert.ok(existsSync(join(root, `test/rules/${rule.category}/${rule.name}.test.ts`)));
      });
    });
  }
});
