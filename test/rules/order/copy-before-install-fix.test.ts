import { copyBeforeInstall } from '../../../server/rules/order/copy-before-install.js';
import { type InvalidCase, testRule } from '../../helpers/rule-tester.js';

const python = { 'requirements.txt': 'flask==3\n', 'app.py': '', 'conf/pip.txt': 'rich==14\n' };
const npm = {
  'package.json': '{"dependencies": {"a": "1"}}',
  'package-lock.json': '{"lockfileVersion": 3, "packages": {"": {}, "node_modules/a": {"version": "1.0.0"}}}',
  'src/a.js': '',
  '.dockerignore': 'node_modules\n',
};

/** The install is told of a file that is not there yet when it runs before the sources. */
function named(path: string, by: string, setup: string, install: string, files: InvalidCase['files']): InvalidCase {
  return {
    name: `${by} names ${path}: ${install}`,
    code: `FROM a\nWORKDIR /app\n${setup}COPY «.» .\nRUN ${install}\n`,
    files: files ?? {},
    safety: 'unsafe',
    caveat: new RegExp(`${path}, which ${by} names, is not copied before it`),
  };
}

function unnamed(setup: string, install: string, files: InvalidCase['files']): InvalidCase {
  return {
    name: `nothing else is named: ${setup}${install}`,
    code: `FROM a\nWORKDIR /app\n${setup}COPY «.» .\nRUN ${install}\n`,
    files: files ?? {},
    safety: 'safe',
  };
}

const pip = 'pip install -r requirements.txt';

testRule(copyBeforeInstall, {
  valid: [],
  invalid: [
    named('conf/pip.txt', 'PIP_CONSTRAINT', 'ENV PIP_CONSTRAINT=/app/conf/pip.txt\n', pip, python),
    named('conf/pip.txt', 'PIP_CONSTRAINT', '', `PIP_CONSTRAINT=conf/pip.txt ${pip}`, python),
    named('conf/pip.txt', 'PIP_CONSTRAINT', '', `export PIP_CONSTRAINT=conf/pip.txt && ${pip}`, python),
    named('conf/pip.txt', 'conf/pip.txt', '', `${pip} --cert conf/pip.txt`, python),
    named('conf', 'conf', '', `${pip} -t conf`, python),
    named('sitecustomize.py', 'PYTHONPATH', 'ENV PYTHONPATH=/app\n', pip, { ...python, 'sitecustomize.py': '' }),
    named('bin/pip', 'PATH', 'ENV PATH=/app/bin:$PATH\n', pip, { ...python, 'bin/pip': '' }),
    named('sh.sh', 'SHELL', 'SHELL ["/app/sh.sh", "-c"]\n', pip, { ...python, 'sh.sh': '' }),
    named('src/a.js', 'NODE_OPTIONS', 'ENV NODE_OPTIONS="--require ./src/a.js"\n', 'npm ci', npm),
    ...['./more.sh', 'make && apt-get install -y vim'].map((rest) => ({
      name: `package lists that would be cached apart from what installs by them: ${rest}`,
      code: `FROM a\nWORKDIR /app\nCOPY «.» .\nRUN apt-get update && ${pip} && ${rest}\n`,
      files: python,
      safety: 'none' as const,
      evidence:
        /no fix: `(?:\.\/more\.sh|make)` in the same RUN may install by package lists that would be cached apart/,
    })),
    named('wheels', 'PIP_FIND_LINKS', 'ENV PIP_FIND_LINKS=wheels\n', pip, { ...python, 'wheels/own.whl': '' }),
    named('proxy', 'GOPROXY', 'ENV GOPROXY=file:///app/proxy\n', 'go mod download', {
      'go.mod': 'module a\nrequire b v1.0.0\n',
      'go.sum': 'b v1.0.0 h1:a=\n',
      'main.go': 'package main\n',
      'proxy/b/@v/list': 'v1.0.0\n',
    }),
    named('.netrc', 'HOME', 'ENV HOME=/app\n', pip, { ...python, '.netrc': 'machine example.org\n' }),
    unnamed('ENV HOME=/app PIP_FIND_LINKS=/wheels\n', pip, python),
    named('ca.pem', '.npmrc', '', 'npm ci', { ...npm, '.npmrc': 'cafile=./ca.pem\n', 'ca.pem': '' }),
    unnamed('ENV PYTHONPATH=/app PATH=/app/bin:$PATH\n', pip, { ...python, 'bin/run': '' }),
    unnamed('ENV FLASK_APP=/app/app.py\n', pip, python),
    unnamed('COPY conf conf\nENV PIP_CONSTRAINT=/app/conf/pip.txt\n', pip, python),
    ...['postinstall', 'dependencies'].map(
      (script): InvalidCase => ({
        name: `npm runs the script ${script}`,
        code: 'FROM a\nWORKDIR /app\nCOPY «.» .\nRUN npm ci\n',
        files: { ...npm, 'package.json': `{"dependencies": {"a": "1"}, "scripts": {"${script}": "node src/a.js"}}` },
        safety: 'none',
      }),
    ),
    {
      name: 'uv pip heeds settings of the folder',
      code: 'FROM a\nWORKDIR /app\nCOPY «.» .\nRUN uv pip install --system -r requirements.txt\n',
      files: { ...python, 'uv.toml': 'index-url = "https://example.com/simple"\n', 'pyproject.toml': '[tool.uv]\n' },
      safety: 'safe',
      fixed:
        'FROM a\nWORKDIR /app\nCOPY requirements.txt uv.toml pyproject.toml ./\nRUN uv pip install --system -r requirements.txt\nCOPY . .\n',
    },
    unnamed('ENV NODE_ENV=production\n', 'npm ci', npm),
  ],
});
