import { unneededArgScope } from '../../../server/rules/order/unneeded-arg-scope.js';
import { testRule } from '../../helpers/rule-tester.js';

testRule(unneededArgScope, {
  valid: [
    { name: 'used', code: 'FROM a\nARG X\nRUN make X=$X\n' },
    { name: 'named in a script', code: 'FROM a\nARG X\nRUN ./configure --with X\n' },
    { name: 'read by programs', code: 'FROM a\nARG NODE_ENV\nARG https_proxy\nRUN npm ci\n' },
    { name: 'nothing costly below', code: 'FROM a\nRUN make\nARG X\n' },
    { name: 'used in a stage built from this one', code: 'FROM a AS b\nARG X\nRUN make\nFROM b\nRUN echo $X\n' },
  ],
  invalid: [
    {
      code: 'FROM a\nARG «OWNER»=me\nRUN make\nRUN make test\n',
      message: 'another value re-runs 2 steps',
      safety: 'unsafe',
      fixed: 'FROM a\nRUN make\nRUN make test\n',
    },
  ],
});
