import assert from 'node:assert/strict';
import { leavesAlone } from '../../server/model/effects.js';
import { parseDockerfile } from '../../server/syntax/dockerfile.js';
import { parseShell } from '../../server/syntax/shell.js';

/** Whether all commands leave what lies in /app alone, run in /app. */
function alone(text: string): boolean {
  const file = parseDockerfile(`FROM a\nRUN ${text}\n`);
  const run = file.instructions[1];
  assert.ok(run?.keyword === 'RUN');
  const touches = (path: string) =>
    path === '/' || path === '/app' || /^\/app\/(?:src|config|run\.sh)(?:\/|$)/.test(path);
  const { commands } = parseShell(file, run, ['/bin/sh', '-c']);
  return commands.every((command) => leavesAlone(command, '/app', touches, ({ value }) => value));
}

describe('leavesAlone', () => {
  const leaving = [
    'apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*',
    'apk add --no-cache git',
    'npm install -g pnpm@9',
    'corepack enable',
    'pip install --upgrade pip',
    'uv pip install --system flask',
    'pip install -i https://example.com/simple --find-links /opt/wheels flask',
    'apt-get install -y -o Acquire::Retries=3 git',
    'conda install -y -c config numpy',
    'pip download --python-version 3.12 flask',
    'curl -fsSL https://example.com/install.sh | tar -xz -C /opt',
    'mkdir -p src/logs /data',
    'useradd -m src',
    'bundle config set with config',
    'echo hello > /etc/motd',
    'chown -R node /home/node',
    "sed -i 's/src/lib/' /etc/hosts",
    'export A=1',
    'ls -la',
    'ls /etc > /list',
    'find /etc -name x > /list',
    'echo deb [arch=amd64] https://example.org stable > /etc/apt/sources.list',
    'echo "* hard core 0" >> /etc/security/limits.conf',
    'echo *.js',
    'echo /etc/* > /list',
  ];
  for (const text of leaving) it(`true: ${text}`, () => assert.equal(alone(text), true));

  const reading = [
    './run.sh',
    'make',
    'npm run build',
    'npm install express',
    'pip install .',
    'pip install --no-index --find-links /app/src flask',
    'pip install --find-links=src flask',
    'pip install -c config/versions.txt flask',
    'uv pip install --system --constraint=config/x flask',
    'apt-get -c /app/config/apt.conf install git',
    'chown -R node:node .',
    'chmod +x run.sh',
    'rm -rf src',
    'cat src/a',
    'echo x > config/a',
    'sed -i s/a/b/ config/a',
    'mkdir -m 700 src',
    '$TOOL',
    'rm -rf $DIR',
    'find . -name x',
    'find -name x',
    'find',
    'ls > /list',
    'ls | wc -l',
    'test -n "$(ls -a)"',
    'echo * > /list',
    "printf '%s\\n' src/* | sort",
    'set -- *',
  ];
  for (const text of reading) it(`false: ${text}`, () => assert.equal(alone(text), false));
});
