import { copyBeforeInstall } from '../../../server/rules/order/copy-before-install.js';
import { testRule } from '../../helpers/rule-tester.js';

const npm = {
  'package.json': '{"dependencies": {"a": "1"}}',
  'package-lock.json': '{"lockfileVersion": 3, "packages": {"": {}, "node_modules/a": {"version": "1.0.0"}}}',
  'src/a.js': '',
  '.dockerignore': 'node_modules\n',
};
/** Shows that this file mounts files of the context instead of copying them. */
const binding = 'FROM b\nRUN --mount=type=bind,source=src/a.js,target=/x cat /x\n';

testRule(copyBeforeInstall, {
  valid: [],
  invalid: [
    {
      name: 'manifests are mounted where the file does so',
      code: `FROM a\nWORKDIR /app\nCOPY «.» .\nRUN npm ci\n${binding}`,
      files: npm,
      safety: 'safe',
      fixed: `FROM a\nWORKDIR /app\nRUN --mount=type=bind,source=package.json,target=package.json \\\n    --mount=type=bind,source=package-lock.json,target=package-lock.json \\\n    npm ci\nCOPY . .\n${binding}`,
    },
    {
      name: 'but not where the COPY gives them, and the folder that it makes, an owner',
      code: `FROM a\nCOPY --chown=1000:1000 «.» /app\nWORKDIR /app\nUSER 1000\nRUN npm ci\n${binding}`,
      files: npm,
      safety: 'safe',
      fixed: `FROM a\nCOPY --chown=1000:1000 package.json package-lock.json /app/\nWORKDIR /app\nUSER 1000\nRUN npm ci\nCOPY --chown=1000:1000 . /app\n${binding}`,
    },
    {
      name: 'nor a name that a mount cannot hold',
      code: `FROM a\nWORKDIR /app\nCOPY «.» .\nRUN pip install -r a,b.txt\n${binding}`,
      files: { 'a,b.txt': 'flask==3\n', 'src/a.js': '', 'a.py': '' },
      safety: 'safe',
      fixed: `FROM a\nWORKDIR /app\nCOPY a,b.txt ./\nRUN pip install -r a,b.txt\nCOPY . .\n${binding}`,
    },
    {
      name: 'what the RUN mounts at another place is not there for the install',
      code: `FROM a\nWORKDIR /app\nCOPY «.» .\nRUN --mount=type=bind,source=package.json,target=/tmp/package.json npm ci\n`,
      files: npm,
      safety: 'safe',
      fixed:
        'FROM a\nWORKDIR /app\nRUN --mount=type=bind,source=package.json,target=package.json \\\n    --mount=type=bind,source=package-lock.json,target=package-lock.json \\\n    --mount=type=bind,source=package.json,target=/tmp/package.json npm ci\nCOPY . .\n',
    },
  ],
});
