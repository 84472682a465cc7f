import { linkWouldDetach } from '../../../server/rules/layer/link-would-detach.js';
import { testRule } from '../../helpers/rule-tester.js';

testRule(linkWouldDetach, {
  valid: [
    {
      name: 'a file that goes into a folder which an instruction before has made: linked, it would take its place',
      code: 'FROM a\nWORKDIR /app\nCOPY tool /app\n',
    },
    {
      name: 'a frontend that does not know --link',
      code: '# syntax=docker/dockerfile:1.3\nFROM a\nRUN make\nCOPY app /app/app\n',
    },
    { name: 'linked', code: 'FROM a\nRUN make\nCOPY --link x /app/\n' },
    { name: 'a RUN follows', code: 'FROM a\nRUN make\nCOPY x /app/\nRUN make test\n' },
    { name: 'a folder of the base, which may be a link', code: 'FROM a\nRUN make\nCOPY x /lib/x\n' },
    { name: 'a user by name', code: 'FROM a\nRUN make\nCOPY --chown=app x /app/\n' },
    { name: 'chmod turns link off', code: 'FROM a\nRUN make\nCOPY --chmod=755 x /app/\n' },
    { name: 'a RUN made the folder', code: 'FROM a\nRUN mkdir /app && chown 5 /app\nCOPY x /app/\n' },
    { name: 'another user owns the working folder', code: 'FROM a\nRUN make\nUSER 5\nWORKDIR /app\nCOPY x .\n' },
    { name: 'nothing before it', code: 'FROM scratch\nCOPY x /app/\n' },
    { name: 'no merge', code: 'FROM a\nRUN make\nCOPY x /app/\n', settings: { builder: 'buildkit-graphdriver' } },
  ],
  invalid: [
    {
      name: 'a folder that a COPY before has made for somebody else: the next one, linked, would give it to root',
      code: 'FROM a\nRUN make\n«COPY» --chown=5:5 conf /app/conf\nCOPY tool /app/bin/\n',
    },
    { name: 'a folder that is named as one', code: 'FROM a\nWORKDIR /app\n«COPY» tool .\n', safety: 'unsafe' },
    {
      code: 'FROM a\nRUN make\nWORKDIR /app\n«COPY» --chown=5:5 x ./\n«COPY» y /app/y\nCMD ["x"]\n',
      safety: 'unsafe',
      fixed: 'FROM a\nRUN make\nWORKDIR /app\nCOPY --link --chown=5:5 x ./\nCOPY --link y /app/y\nCMD ["x"]\n',
    },
  ],
});
