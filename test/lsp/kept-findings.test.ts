import assert from 'node:assert/strict';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { PastOfContext } from '../../server/cache/history.js';
import { proposeOrder } from '../../server/cache/order.js';
import { resolveConfig } from '../../server/core/config.js';
import type { Finding } from '../../server/core/finding.js';
import type { Host, Surroundings } from '../../server/lsp/host.js';
import { keepFindings } from '../../server/lsp/kept-findings.js';
import { LateFindings, type PastReader } from '../../server/lsp/late-findings.js';
import { defaultSettings } from '../../server/lsp/protocol.js';
import { Session } from '../../server/lsp/session.js';
import { rules } from '../../server/rules/index.js';
import { ableClient, openText } from './open-text.js';

/** A finding at each word in `«»`, with the place of the first word FROM as evidence. */
function findingsIn(marked: string): { readonly text: string; readonly findings: readonly Finding[] } {
  const text = marked.replace(/[«»]/g, '');
  const findings = [...marked.matchAll(/«([^»]*)»/g)].map(({ index, 1: word = '' }, count): Finding => {
    const start = index - 2 * count;
    return {
      rule: 'x',
      severity: 'info',
      message: word,
      span: { start, end: start + word.length },
      evidence: [{ text: 'from', span: { start: text.indexOf('FROM'), end: text.indexOf('FROM') + 4 } }, { text: 'y' }],
      fixes: [{ title: 'z', safety: 'safe', edits: [] }],
      savings: { trigger: 'x', rebuilds: [3], basis: 'table' },
    };
  });
  return { text, findings };
}

describe('keepFindings', () => {
  const marked = 'FROM a\nLABEL x=y\nCOPY a /\nRUN «make»\nEXPOSE 80\nUSER 5\n';
  const { text, findings } = findingsIn(marked);
  const words = (after: string) =>
    keepFindings(findings, text, after).map(({ span }) => after.slice(span.start, span.end));

  const cases: Readonly<Record<string, readonly [after: string, stays: boolean]>> = {
    'no edit at all': [text, true],
    'a line far above': [text.replace('FROM', '# tea\nFROM'), true],
    'a word far above': [text.replace('x=y', 'x=yellow'), true],
    'less text far above': [text.replace('LABEL x=y\n', ''), true],
    'a word far below': [text.replace('USER 5', 'USER 50'), true],
    'the end': [`${text}# tea`, true],
    'the line itself': [text.replace('make', 'make -j'), false],
    'the word itself': [text.replace('make', 'mke'), false],
    'the line above': [text.replace('COPY a', 'COPY b'), false],
    'a new line above': [text.replace('RUN', '# tea\nRUN'), false],
    'the line below': [text.replace('80', '81'), false],
    'two edits around it': [text.replace('x=y', 'x=z').replace('USER 5', 'USER 6'), false],
    'all of it': ['', false],
  };
  for (const [name, [after, stays]] of Object.entries(cases)) {
    it(`${stays ? 'moves' : 'leaves out'} a finding after an edit of ${name}`, () =>
      assert.deepEqual(words(after), stays ? ['make'] : []));
  }

  it('keeps evidence that still has its place, and nothing that was proved for another text', () => {
    const [touched] = keepFindings(findings, text, text.replace('FROM a', 'FROM b'));
    assert.deepEqual(touched?.evidence, [{ text: 'y' }]);
    const after = `#\n\n\n${text}`;
    const [moved] = keepFindings(findings, `\n\n${text}`, after);
    assert.ok(moved);
    assert.deepEqual(moved.fixes, []);
    assert.equal(moved.savings, undefined);
    const [same] = keepFindings(findings, text, text);
    assert.deepEqual(same?.fixes, []);
  });
});

describe('late findings', () => {
  const uri = 'file:///project/Dockerfile';
  const rule = 'order-by-change-frequency';
  const start =
    'FROM alpine:3.22\nLABEL a=b\nLABEL c=d\nCOPY a.txt /\nRUN apk add --no-cache git make gcc musl-dev\nEXPOSE 80\nUSER 5\n';
  const history: PastOfContext = {
    commits: Array.from({ length: 20 }, (_, index) => ({
      id: String(index),
      files: [{ path: 'a.txt', kind: 'content', folder: false } as const],
    })),
    paths: undefined,
    targets: [],
    propose: proposeOrder,
    housekeeping: () => undefined,
  };

  /** A server's session with one document; `found` waits for the next news. */
  function serverWith(past: () => PastOfContext | undefined) {
    let document = TextDocument.create(uri, 'dockerfile', 1, start);
    let isOn = true;
    let tell: () => void = () => {};
    const host: Host = {
      surroundings: async (file): Promise<Surroundings> => ({
        ...openText(file.text, { 'a.txt': '' }).surroundings,
        config: resolveConfig(rules, isOn ? [{ origin: 'x', config: { rules: { [rule]: 'on' } } }] : []),
      }),
      read: async () => undefined,
      stamp: () => undefined,
      find: async () => [],
      forget: () => {},
      fetchMissing: async () => false,
    };
    const session = new Session({
      documents: { get: (one) => (one === uri ? document : undefined), all: () => [document] },
      client: ableClient,
      hostOf: () => host,
      hosts: [host],
      settingsOf: async () => defaultSettings,
    });
    const reader: PastReader = {
      read: async () => {
        const known = past();
        if (!known) throw new Error('no repository');
        return known;
      },
    };
    const late = new LateFindings(session, reader, () => tell());
    const shown = async () => {
      const found = await session.ask(uri, (opened) => opened.shown().filter((one) => one.rule === rule));
      return (found ?? []).map(({ span, fixes }) => ({
        line: document.getText().slice(0, span.start).split('\n').length,
        fixes: fixes.length,
      }));
    };
    return {
      shown,
      type: (text: string) => {
        document = TextDocument.update(document, [{ text }], document.version + 1);
      },
      found: async () => {
        const news = new Promise<void>((resolve) => (tell = resolve));
        late.linted(uri);
        await news;
      },
      turnOff: () => {
        isOn = false;
        session.forgetFiles();
      },
      committed: () => session.historyChanged(),
    };
  }

  it('stay where the text around them is the same, without their fix, until there are new ones', async () => {
    const { shown, type, found } = serverWith(() => history);
    assert.deepEqual(await shown(), []);
    await found();
    assert.deepEqual(await shown(), [{ line: 5, fixes: 1 }]);
    type(`# tea\n${start}`);
    // A version that nobody asks about until its surroundings are known.
    type(`# tea\n# rum\n${start}`);
    assert.deepEqual(await shown(), [{ line: 7, fixes: 0 }]);
    type(`# tea\n# rum\n${start}# end\n`);
    assert.deepEqual(await shown(), [{ line: 7, fixes: 0 }]);
    await found();
    assert.deepEqual(await shown(), [{ line: 7, fixes: 1 }]);
  });

  it('go where their line is edited', async () => {
    const { shown, type, found } = serverWith(() => history);
    await found();
    type(start.replace('musl-dev', 'musl'));
    assert.deepEqual(await shown(), []);
    await found();
    assert.deepEqual(await shown(), [{ line: 5, fixes: 1 }]);
  });

  it('stay after a commit, and go where there is no history any more', async () => {
    let past: PastOfContext | undefined = history;
    const { shown, found, committed } = serverWith(() => past);
    await found();
    past = undefined;
    committed();
    assert.deepEqual(await shown(), [{ line: 5, fixes: 0 }]);
    await found();
    assert.deepEqual(await shown(), []);
  });

  it('go at once where the rule is turned off', async () => {
    const { shown, found, turnOff } = serverWith(() => history);
    await found();
    turnOff();
    assert.deepEqual(await shown(), []);
  });
});
