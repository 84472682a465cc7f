import { copyBeforeInstall } from '../../../server/rules/order/copy-before-install.js';
import { type InvalidCase, testRule } from '../../helpers/rule-tester.js';

const files = {
  'package.json': '{"dependencies": {"a": "1"}}',
  'package-lock.json': '{"lockfileVersion": 3, "packages": {"": {}, "node_modules/a": {"version": "1.0.0"}}}',
  'src/a.js': '',
  'certs/key.gpg': '',
  '.npmrc': 'fund=false\n',
  '.dockerignore': '**/node_modules\n',
};

/** What stands between COPY and install, or in its RUN, needs what the COPY brings. */
function needing(between: string, install = 'npm ci'): InvalidCase {
  return {
    name: `the sources have to be there for ${between}${install}`,
    code: `FROM a\nWORKDIR /app\nCOPY «.» .\n${between}RUN ${install}\n`,
    files,
    safety: 'none',
  };
}

function aside(between: string, install = 'npm ci'): InvalidCase {
  return {
    name: `the sources do not matter for ${between}${install}`,
    code: `FROM a\nWORKDIR /app\nCOPY «.» .\n${between}RUN ${install}\n`,
    files,
    safety: 'safe',
    fixed: `FROM a\nWORKDIR /app\nCOPY package.json package-lock.json .npmrc ./\n${between}RUN ${install}\nCOPY . .\n`,
  };
}

testRule(copyBeforeInstall, {
  valid: [],
  invalid: [
    needing('RUN touch src/generated.js\n'),
    needing('RUN echo x > src/generated.js\n'),
    needing('RUN ln -s /etc/hosts src/hosts\n'),
    needing('RUN mkdir src/data\n'),
    needing('RUN cd src && echo\n'),
    needing('RUN curl -fsSLo src/b.js https://example.com/b.js\n'),
    needing('RUN cd /app && curl -O https://example.com/.npmrc\n'),
    needing('RUN test -f src/a.js\n'),
    needing('RUN apt-key add certs/key.gpg\n'),
    needing('COPY <<E .npmrc\nx=1\nE\n'),
    needing('COPY <<E src/a.js\nx=1\nE\n'),
    needing('COPY --from=b /out ./src/\n'),
    needing('COPY --from=b /out ./\n'),
    needing('ADD https://example.com/b.git ./src/\n'),
    needing('ADD vendor.tar.gz ./src/\n'),
    needing('COPY --chown=1000:1000 certs certs\n'),
    needing('COPY --chmod=600 .npmrc ./\n'),
    needing('', 'cd src && cd .. && npm ci'),
    needing('', 'npm ci > src/log'),
    aside('RUN mkdir -p src/data\n'),
    aside('RUN [ "$NODE_ENV" = production ] && echo -n\n'),
    aside('RUN touch new.js /srv/a.js\n'),
    aside('RUN curl -fsSLo /tmp/a.tgz https://example.com/a.tgz\n'),
    aside('COPY certs certs\n'),
    aside('COPY --from=b /usr/bin/tool ./\n'),
    aside('COPY --from=b /out /srv/out\n'),
    aside('COPY <<E src/other.js\nx=1\nE\n'),
    aside('', 'npm ci > install.log'),
  ],
});
