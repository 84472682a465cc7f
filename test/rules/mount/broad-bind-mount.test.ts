import { broadBindMount } from '../../../server/rules/mount/broad-bind-mount.js';
import { testRule } from '../../helpers/rule-tester.js';

const files = { 'requirements.txt': 'flask\n', 'app.py': '' };
const go = { 'go.mod': 'module a\nrequire b v1.0.0\n', 'go.sum': '', 'main.go': '' };

testRule(broadBindMount, {
  valid: [
    {
      name: 'one file',
      code: 'FROM python:3.13\nRUN --mount=type=bind,source=requirements.txt,target=/r.txt pip install -r /r.txt\n',
      files,
    },
    {
      name: 'a build needs the sources',
      code: 'FROM golang:1.25\nRUN --mount=type=bind,target=. go build -o /app .\n',
      files: go,
    },
    {
      name: 'from another stage',
      code: 'FROM a AS b\nFROM python:3.13\nRUN --mount=type=bind,from=b,target=/src pip install -r /src/requirements.txt\n',
      files,
    },
    {
      name: 'it writes into the mount',
      code: 'FROM node:22\nWORKDIR /app\nRUN --mount=type=bind,target=.,rw npm ci\n',
      files: { 'package.json': '{}' },
    },
    {
      name: 'what pip writes into it is thrown away, and would not be',
      code: 'FROM python:3.13\nWORKDIR /src\nRUN --mount=type=bind,target=.,rw pip install -t lib -r requirements.txt\n',
      files,
    },
    {
      name: 'a name that a mount cannot hold',
      code: 'FROM python:3.13\nWORKDIR /src\nRUN --mount=type=bind,target=. pip install -r a,b.txt -r "c d.txt"\n',
      files: { 'a,b.txt': 'flask\n', 'c d.txt': 'rich\n', 'app.py': '' },
    },
    {
      name: 'the project itself is installed',
      code: 'FROM python:3.13\nRUN --mount=type=bind,target=/src pip install /src\n',
      files,
    },
  ],
  invalid: [
    {
      code: 'FROM python:3.13\nWORKDIR /src\nRUN «--mount=type=bind,target=/src» pip install -r requirements.txt\n',
      files,
      message: 'pip reads one of them',
      safety: 'safe',
      fixed:
        'FROM python:3.13\nWORKDIR /src\nRUN --mount=type=bind,source=requirements.txt,target=requirements.txt pip install -r requirements.txt\n',
    },
    {
      name: 'go mod download in the mounted folder',
      code: 'FROM golang:1.25\nWORKDIR /src\nRUN «--mount=type=bind,source=.,target=.» go mod download\n',
      files: go,
      fixed:
        'FROM golang:1.25\nWORKDIR /src\nRUN --mount=type=bind,source=go.mod,target=go.mod --mount=type=bind,source=go.sum,target=go.sum go mod download\n',
    },
    {
      name: 'the shell gives it another file to read',
      code: 'FROM python:3.13\nWORKDIR /src\nRUN «--mount=type=bind,target=.» pip install -r requirements.txt < app.py\n',
      files,
      safety: 'unsafe',
      caveat: /or the shell, may read the other files/,
    },
    {
      name: 'another command may look at the rest',
      code: 'FROM python:3.13\nWORKDIR /src\nRUN «--mount=type=bind,target=/src» pip install -r requirements.txt && make\n',
      files,
      safety: 'unsafe',
      caveat: /another command/,
    },
  ],
});
