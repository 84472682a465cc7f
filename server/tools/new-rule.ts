// npm run new-rule -- CATEGORY/NAME: writes the rule, its test and its entry in server/rules/index.ts.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const [category = '', name = ''] = (process.argv[2] ?? '').split('/');
if (!/^[a-z-]+$/.test(category) || !/^[a-z]+(-[a-z]+)+$/.test(name)) {
  console.error('usage: npm run new-rule -- CATEGORY/NAME   (NAME is the bad pattern: two-words-or-more)');
  process.exit(2);
}
const constant = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
const ignoreFile = category === 'ignore-file';

const rule = `import * as v from 'valibot';
import { ${ignoreFile ? 'defineIgnoreFileRule' : 'defineRule'} } from '../../core/rule.js';

export const ${constant} = ${ignoreFile ? 'defineIgnoreFileRule' : 'defineRule'}({
  name: '${name}',
  category: '${category}',
  severity: 'warning',
  recommended: true,
  fixable: 'never',
  since: '0.1.0',
  aliases: [],
  needs: [],
  docs: {
    summary: 'What it finds, in one line.',
    why: 'Why it costs something, what the fix does, when not to follow it.',
    bad: ${ignoreFile ? `'# bad\\n'` : `'FROM alpine:3.22\\nRUN bad\\n'`},
    good: ${ignoreFile ? `'good\\n'` : `'FROM alpine:3.22\\nRUN good\\n'`},
    links: [],
  },
  options: v.object({}),
  check({ file, report }) {
    ${
      ignoreFile
        ? `for (const pattern of file.patterns) if (pattern.source === 'bad') report({ span: pattern.span, message: 'say the thing and its consequence' });`
        : `for (const instruction of file.instructions) {
      if (instruction.keyword === 'RUN' && instruction.text === 'bad') {
        report({ span: instruction.textSpan, message: 'say the thing and its consequence' });
      }
    }`
    }
  },
});
`;

const test = `import { ${constant} } from '../../../server/rules/${category}/${name}.js';
import { testRule } from '../../helpers/rule-tester.js';

testRule(${constant}, {
  valid: [${ignoreFile ? `'fine\\n'` : `'FROM alpine:3.22\\nRUN fine\\n'`}],
  invalid: [{ code: ${ignoreFile ? `'«bad»\\n'` : `'FROM alpine:3.22\\nRUN «bad»\\n'`} }],
});
`;

write(`server/rules/${category}/${name}.ts`, rule);
write(`test/rules/${category}/${name}.test.ts`, test);
register();
console.log(`Then: npm test, npm run docs, and try it: npx layerwise lint DIR --rule ${name}`);

function write(path: string, text: string): void {
  if (existsSync(path)) {
    console.error(`${path} exists already`);
    process.exit(2);
  }
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  console.log(`wrote ${path}`);
}

function register(): void {
  const path = 'server/rules/index.ts';
  const text = readFileSync(path, 'utf8')
    .replace(/\n\n(\/\*\* Every rule)/, `\nimport { ${constant} } from './${category}/${name}.js';\n\n$1`)
    .replace(/\.\.\.engineRules,/, `...engineRules,\n  ${constant},`);
  writeFileSync(path, text);
  console.log(`registered in ${path}; run npm run format to sort its imports`);
}
