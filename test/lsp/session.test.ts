import assert from 'node:assert/strict';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Host, Surroundings } from '../../server/lsp/host.js';
import { defaultSettings } from '../../server/lsp/protocol.js';
import { Session } from '../../server/lsp/session.js';
import { ableClient, openText } from './open-text.js';

const uri = 'file:///project/Dockerfile';
const { surroundings } = openText('FROM alpine:3.22\n');

/** A session with one document and a host that answers when it is told to. */
function sessionWith(host: Partial<Host> = {}, now?: () => number) {
  let document = TextDocument.create(uri, 'dockerfile', 1, 'FROM alpine\n');
  const asked: string[] = [];
  const whole: Host = {
    surroundings: async (file): Promise<Surroundings> => {
      asked.push(file.text);
      return surroundings;
    },
    read: async () => undefined,
    stamp: () => undefined,
    find: async () => [],
    forget: () => {},
    fetchMissing: async () => false,
    ...host,
  };
  const session = new Session({
    documents: { get: (one) => (one === uri ? document : undefined), all: () => [document] },
    client: ableClient,
    hostOf: () => whole,
    hosts: [whole],
    settingsOf: async () => defaultSettings,
    ...(now ? { now } : {}),
  });
  const type = (text: string) => {
    document = TextDocument.update(document, [{ text }], document.version + 1);
  };
  /** Closed and opened again, with the same version. */
  const reopen = (text: string) => {
    session.close(uri);
    document = TextDocument.create(uri, 'dockerfile', document.version, text);
  };
  return { session, type, reopen, asked };
}

describe('session', () => {
  it('parses and lints once per version', async () => {
    const { session, type, asked } = sessionWith();
    const first = await session.ask(uri, (opened) => [opened.parsed, opened.lint()]);
    assert.deepEqual(await session.ask(uri, (opened) => [opened.parsed, opened.lint()]), first);
    assert.equal((await session.ask(uri, (opened) => opened.parsed)) === first?.[0], true);
    assert.equal(asked.length, 1);
    type('FROM alpine:3.22\n');
    assert.equal((await session.ask(uri, (opened) => opened.text)) === 'FROM alpine:3.22\n', true);
    assert.equal(asked.length, 2);
  });

  it('refuses to answer about a version that is no longer there', async () => {
    let answer: (value: Surroundings) => void = () => {};
    const { session, type } = sessionWith({ surroundings: () => new Promise((resolve) => (answer = resolve)) });
    const asked = session.ask(uri, (opened) => opened.text);
    await new Promise((resolve) => setImmediate(resolve));
    type('FROM alpine:3.22\n');
    answer(surroundings);
    await assert.rejects(asked, { code: -32801 });
  });

  it('refuses to answer about a document that was closed, whatever version was opened since', async () => {
    const answers: ((value: Surroundings) => void)[] = [];
    const { session, reopen } = sessionWith({ surroundings: () => new Promise((resolve) => answers.push(resolve)) });
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    const early = session.ask(uri, (opened) => opened.text);
    reopen('FROM alpine:3.21\n');
    await assert.rejects(early, { code: -32801 });
    const late = session.ask(uri, (opened) => opened.text);
    await turn();
    reopen('FROM alpine:3.22\n');
    const now = session.ask(uri, (opened) => [opened.text, opened.document.getText()]);
    await turn();
    for (const answer of answers) answer(surroundings);
    await assert.rejects(late, { code: -32801 });
    assert.deepEqual(await now, ['FROM alpine:3.22\n', 'FROM alpine:3.22\n']);
  });

  it('asks again when files changed while it waited', async () => {
    let generation = 0;
    const { session, asked } = sessionWith();
    const answers = await Promise.all([
      session.ask(uri, () => generation),
      (async () => {
        session.forgetFiles();
        generation = 1;
      })(),
    ]);
    assert.equal(answers[0], 1);
    assert.ok(asked.length >= 1);
  });

  it('answers once all that was missing has come', async () => {
    let fetched = 0;
    const { session } = sessionWith({ fetchMissing: async () => ++fetched < 3 });
    let asked = 0;
    assert.equal(await session.ask(uri, () => ++asked), 3);
  });

  it('comes to an end where something is missing for ever', async () => {
    const { session } = sessionWith({ fetchMissing: async () => true });
    assert.equal(await session.ask(uri, ({ text }) => text), 'FROM alpine\n');
  });

  it('reads files again after half a minute', async () => {
    let now = 0;
    const { session, asked } = sessionWith({}, () => now);
    await session.ask(uri, () => 1);
    now = 29_000;
    await session.ask(uri, () => 1);
    assert.equal(asked.length, 1);
    now = 31_000;
    await session.ask(uri, () => 1);
    assert.equal(asked.length, 2);
  });

  it('knows nothing of documents that are not open', async () => {
    const { session } = sessionWith();
    assert.equal(await session.ask('file:///other', () => 1), undefined);
    assert.equal(await session.askClosed('file:///other', 'dockerfile', () => 1), undefined);
  });
});
