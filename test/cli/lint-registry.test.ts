import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { askImageDigest } from '../../server/project/image-registry.js';
import { askChecksum } from '../../server/project/remote-checksum.js';
import { layerwise } from '../helpers/run-cli.js';
import { type TemporaryFolder, temporaryFolder } from '../helpers/temporary-folder.js';

const index = `sha256:${'a'.repeat(64)}`;
const token = 'abc.DEF-1_2';

function sha256(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

describe('layerwise lint --ask-registry', () => {
  let folder: TemporaryFolder;
  let server: Server;
  let host: string;
  /** Method, path and authorization. */
  let asked: string[];
  let answer: (request: IncomingMessage, response: ServerResponse) => void;

  const digestOf = (response: ServerResponse, digest = index) => {
    response.writeHead(200, { 'docker-content-digest': digest });
    response.end();
  };
  const dockerfile = () => readFileSync(path.join(folder.path, 'Dockerfile'), 'utf8');
  const lint = async (args: string) => {
    const { stdout, stderr, code } = await layerwise(
      `lint --rule undigested-base=info --only undigested-base --only remote-add-without-checksum ${args}`,
      { cwd: folder.path },
    );
    return { stdout, stderr, code };
  };
  const json = async (args: string) => {
    const { stdout } = await lint(`--format json ${args}`);
    const { files } = JSON.parse(stdout) as {
      files: { findings: { message: string; fixes: { safety: string; caveat: string; title: string }[] }[] }[];
    };
    return files.flatMap(({ findings }) => findings);
  };
  const kept = () => path.join(folder.path, '.layerwise/remote.json');

  beforeEach(async () => {
    asked = [];
    answer = (_, response) => digestOf(response);
    server = createServer((request, response) => {
      const { method, url, headers } = request;
      asked.push([method, url, headers.authorization].filter(Boolean).join(' '));
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    folder = temporaryFolder({ Dockerfile: `FROM ${host}/team/app:1.2\n`, '.layerwise.jsonc': '{}' });
  });
  afterEach(async () => {
    folder.remove();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('makes the fix that adds the digest, which later runs have without asking', async () => {
    const [before] = await json('');
    assert.equal(before?.fixes[0]?.safety, 'manual');
    assert.deepEqual(asked, []);
    const [finding] = await json('--ask-registry');
    assert.deepEqual(asked, ['HEAD /v2/team/app/manifests/1.2']);
    assert.equal(finding?.fixes[0]?.safety, 'unsafe');
    assert.match(finding.fixes[0]?.caveat ?? '', /named on \d{4}-\d\d-\d\d; someone has to raise/);
    assert.deepEqual(await json(''), [finding]);
    await lint('--fix --unsafe-fixes');
    assert.equal(dockerfile(), `FROM ${host}/team/app:1.2@${index}\n`);
    assert.deepEqual(await json('--ask-registry'), []);
    assert.equal(asked.length, 1);
  });

  it('asks again where the answer is known, as tags move', async () => {
    await lint('--ask-registry');
    const other = `sha256:${'b'.repeat(64)}`;
    answer = (_, response) => digestOf(response, other);
    await lint('--ask-registry --fix --unsafe-fixes');
    assert.equal(dockerfile(), `FROM ${host}/team/app:1.2@${other}\n`);
  });

  it('gets a token where the registry asks for one, and sends it to nobody else', async () => {
    answer = (request, response) => {
      if (request.url?.startsWith('/token')) {
        response.end(JSON.stringify({ token }));
      } else if (request.headers.authorization === `Bearer ${token}`) digestOf(response);
      else {
        const challenge = `Bearer realm="http://${host}/token?x=1",service="the registry",scope="repository:other:push"`;
        response.writeHead(401, { 'www-authenticate': challenge });
        response.end();
      }
    };
    await lint('--ask-registry --fix --unsafe-fixes');
    assert.equal(dockerfile(), `FROM ${host}/team/app:1.2@${index}\n`);
    assert.deepEqual(asked, [
      'HEAD /v2/team/app/manifests/1.2',
      'GET /token?x=1&service=the+registry&scope=repository%3Ateam%2Fapp%3Apull',
      `HEAD /v2/team/app/manifests/1.2 Bearer ${token}`,
    ]);
  });

  it('takes the digest of the manifest where the registry says none', async () => {
    const manifest = '{"schemaVersion": 2}';
    answer = ({ method }, response) => {
      response.writeHead(method === 'HEAD' ? 405 : 200);
      response.end(manifest);
    };
    assert.deepEqual(await askImageDigest(`${host}/team/app:1.2`), { digest: sha256(manifest) });
  });

  it('takes no page for a manifest', async () => {
    answer = (_, response) => response.end('<html>Log in</html>');
    assert.deepEqual(await askImageDigest(`${host}/team/app:1.2`), {
      error: `${host} answered with something that is no manifest`,
    });
  });

  it('reads no answer without end', async () => {
    let sent = 0;
    answer = (request, response) => {
      if (!request.url?.startsWith('/token')) {
        response.writeHead(401, { 'www-authenticate': `Bearer realm="http://${host}/token"` });
        response.end();
        return;
      }
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536, ' '))) sent += 65_536;
      };
      response.on('drain', more);
      more();
    };
    assert.deepEqual(await askImageDigest(`${host}/team/app:1.2`), {
      error: `${host} gives no token: ${host} answered without one`,
    });
    assert.ok(sent < 64 * 1024 * 1024);
  });

  it('asks no server of this machine because another one says so', async () => {
    const fetchNow = globalThis.fetch;
    globalThis.fetch = async (input, init) => {
      if (String(input).startsWith('https://elsewhere.example/'))
        return new Response(null, { status: 302, headers: { location: `http://${host}/admin` } });
      if (String(input).startsWith('https://registry.example/'))
        return new Response(null, {
          status: 401,
          headers: { 'www-authenticate': `Bearer realm="http://${host}/admin"` },
        });
      return fetchNow(input, init);
    };
    try {
      const refused = `leads to http://${host}, which is this machine`;
      assert.deepEqual(await askChecksum('https://elsewhere.example/a'), { error: `elsewhere.example ${refused}` });
      assert.deepEqual(await askImageDigest('registry.example/a:1'), { error: `registry.example ${refused}` });
      assert.deepEqual(asked, []);
    } finally {
      globalThis.fetch = fetchNow;
    }
  });

  it('asks nobody about what is suppressed, allowed or built with ARG', async () => {
    folder.write(
      'Dockerfile',
      `ARG V=1\n# layerwise ignore=undigested-base reason="ours"\nFROM ${host}/team/app:1.2\nFROM ${host}/team/app:$V\n`,
    );
    await lint('--ask-registry');
    assert.deepEqual(asked, []);
  });

  describe('where it is not told', () => {
    const same = async (warning: RegExp) => {
      const before = await lint('');
      const after = await lint('--ask-registry');
      assert.match(after.stderr, warning);
      assert.equal(after.stdout, before.stdout);
      assert.equal(after.code, before.code);
      assert.equal(existsSync(kept()), false);
    };
    const answers: Readonly<Record<string, readonly [status: number, headers: Record<string, string>, RegExp]>> = {
      'there is no such image': [404, {}, /\/team\/app:1\.2: 127\.0\.0\.1:\d+ does not know this image\n/],
      'a password is asked for': [401, { 'www-authenticate': 'Basic realm="x"' }, /asks for an account/],
      'the token is elsewhere, not encrypted': [
        401,
        { 'www-authenticate': 'Bearer realm="http://example.invalid/token"' },
        /leads to http:\/\/example\.invalid, which is not encrypted/,
      ],
      'the registry is overloaded': [429, {}, /asked too often; try again later/],
      'the registry is broken': [503, {}, /answered with 503/],
      'the digest is none': [200, { 'docker-content-digest': 'sha256:x" && rm' }, /which is no SHA-256 digest/],
      'the registry redirects without end': [302, { location: '/v2/' }, /redirects without end/],
      'the registry redirects to plain HTTP': [302, { location: 'http://example.invalid/' }, /not encrypted/],
    };
    for (const [name, [status, headers, warning]] of Object.entries(answers)) {
      it(`because ${name}, it warns and reports as before`, async () => {
        answer = (_, response) => {
          response.writeHead(status, headers);
          response.end();
        };
        await same(warning);
      });
    }

    it('because nobody listens, it warns and reports as before', async () => {
      await new Promise((resolve) => server.close(resolve));
      await same(/127\.0\.0\.1:\d+ cannot be asked: .*ECONNREFUSED/);
    });

    it('because no answer comes in time, it gives up', async () => {
      answer = () => {};
      assert.deepEqual(await askImageDigest(`${host}/team/app:1.2`, 50), {
        error: `${host} did not answer in time`,
        unreachable: true,
      });
    });

    it('because a host cannot be reached, it is not asked for all the others', async () => {
      answer = ({ socket }) => socket.destroy();
      const images = Array.from({ length: 20 }, (_, index) => `FROM ${host}/team/app:${index}\n`);
      folder.write('Dockerfile', images.join(''));
      const { stderr } = await lint('--ask-registry');
      assert.match(stderr, /\/team\/app:\d+ and 1\d more: 127\.0\.0\.1:\d+ cannot be asked: /);
      assert.ok(asked.length < 20);
    });
  });

  describe('for files that ADD downloads', () => {
    const add = () => `FROM alpine:3.22@${index}\nADD --chmod=755 http://${host}/tool-1.2.tgz /opt/\n`;
    beforeEach(() => folder.write('Dockerfile', add()));

    it('makes the fix that adds the checksum', async () => {
      answer = ({ url }, response) => {
        if (url === '/tool-1.2.tgz') response.writeHead(302, { location: '/real' });
        response.end(url === '/real' ? 'content' : '');
      };
      const [finding] = await json('--ask-registry');
      assert.deepEqual(asked, ['GET /tool-1.2.tgz', 'GET /real']);
      assert.match(finding?.fixes[0]?.caveat ?? '', /the build fails when something else is sent/);
      await lint('--fix --unsafe-fixes');
      const checksum = `--checksum=${sha256('content')}`;
      assert.equal(dockerfile(), add().replace('ADD', `ADD ${checksum}`));
      assert.deepEqual(await json(''), []);
    });

    it('does not download where the frontend or the builder knows no checksum, it is one of several, or the URL has a password', async () => {
      folder.write('Dockerfile', `# syntax=docker/dockerfile:1.5\n${add()}`);
      await lint('--ask-registry');
      folder.write('Dockerfile', add());
      await lint('--ask-registry --builder kaniko');
      folder.write('Dockerfile', `FROM alpine:3.22@${index}\nADD http://${host}/a-1.2 http://${host}/b-1.2 /opt/\n`);
      await lint('--ask-registry');
      folder.write('Dockerfile', add().replace('http://', 'http://me:secret@'));
      await lint('--ask-registry');
      assert.deepEqual(asked, []);
    });

    it('gives up on what is too large, too slow, or not there', async () => {
      const url = `http://${host}/x`;
      answer = (_, response) => response.end('x'.repeat(3 * 1024 * 1024));
      const large = await askChecksum(url, { bytes: 1024 * 1024, milliseconds: 60_000 });
      assert.deepEqual(large, { error: `${host} sends more than 1 MB` });
      answer = (_, response) => void response.write('x');
      const slow = await askChecksum(url, { bytes: 10, milliseconds: 50 });
      assert.deepEqual(slow, { error: `${host} did not answer in time`, unreachable: true });
      answer = (_, response) => {
        response.writeHead(404);
        response.end();
      };
      assert.deepEqual(await askChecksum(url), { error: `${host} answered with 404` });
    });
  });

  it('leaves a kept file alone that it does not know', async () => {
    folder.write('.layerwise/remote.json', '{"version": 9}');
    const { stderr } = await lint('--ask-registry');
    assert.match(stderr, /remote\.json: is not a file of digests that this version of Layerwise knows/);
    assert.equal(readFileSync(kept(), 'utf8'), '{"version": 9}');
  });

  it('does not write a kept text into a Dockerfile that is no digest', async () => {
    await lint('--ask-registry');
    writeFileSync(kept(), readFileSync(kept(), 'utf8').replace(index, 'sha256:x\\nRUN rm'));
    await lint('--fix --unsafe-fixes');
    assert.equal(dockerfile(), `FROM ${host}/team/app:1.2\n`);
    rmSync(kept());
  });

  it('says where the answers are sent with the build context', async () => {
    assert.match((await lint('--ask-registry')).stderr, /remote\.json: lies in the build context; list \.layerwise/);
    folder.write('.dockerignore', '.layerwise\n');
    assert.equal((await lint('--ask-registry')).stderr, '');
  });
});
