import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Browser, chromium } from 'playwright-core';
import { root } from '../helpers/root.js';
import { type Host, installHost } from './install.js';
import { Workbench } from './workbench.js';

/** A clean window: nothing that a newcomer did not ask for, nothing that goes to the network. */
const quietSettings = {
  'breadcrumbs.enabled': false,
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'editor.minimap.enabled': false,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'files.autoSave': 'off',
  'git.enabled': false,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'workbench.colorTheme': 'Default Light Modern',
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

/** As the machines need it that run this: a closed network, no GPU, and root. */
const chromiumArgs = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

export interface CodeOptions {
  /** Copied, so that a test may edit it. */
  readonly folder: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** What is done to the copy before it is opened. */
  readonly prepare?: (folder: string) => void;
  /** Of the window, in pixels. */
  readonly size?: { readonly width: number; readonly height: number };
}

/** VS Code with the packed extension and nothing else, on loopback, with a copy of a folder open in a browser. */
export class Code {
  readonly workbench: Workbench;
  readonly #home: string;
  readonly #end: () => Promise<void>;

  private constructor(workbench: Workbench, home: string, end: () => Promise<void>) {
    this.workbench = workbench;
    this.#home = home;
    this.#end = end;
  }

  static async open({
    folder,
    settings = {},
    prepare,
    size = { width: 1200, height: 760 },
  }: CodeOptions): Promise<Code> {
    const host = installHost();
    const home = mkdtempSync(join(tmpdir(), 'layerwise-vscode-'));
    const ends: (() => unknown)[] = [() => rmSync(home, { recursive: true, force: true })];
    const end = async () => {
      for (const one of ends.splice(0).reverse()) await one();
    };
    try {
      const project = join(home, 'project', 'shop');
      cpSync(folder, project, { recursive: true });
      prepare?.(project);
      writeSettings(home, settings);
      const args = [
        ...['--user-data-dir', join(home, 'data'), '--extensions-dir', join(home, 'extensions')],
        ...['--config', join(home, 'config.yaml')],
      ];
      installExtension(host, args);
      const server = startServer(host, args);
      ends.push(() => endProcess(server));
      const url = new URL(await addressOf(server));
      url.searchParams.set('folder', project);
      const browser = await openBrowser();
      ends.push(() => browser.close());
      const page = await browser.newPage({ viewport: size });
      await page.goto(url.href);
      const workbench = new Workbench(page, project);
      await workbench.ready();
      return new Code(workbench, home, end);
    } catch (error) {
      await end();
      throw error;
    }
  }

  /** From now on the language server ends as soon as it starts; the answer mends it. */
  breakServer(): () => void {
    const [folder = ''] = readdirSync(join(this.#home, 'extensions')).filter((name) => name.startsWith('layerwise.'));
    const file = join(this.#home, 'extensions', folder, 'dist/server.cjs');
    const text = readFileSync(file);
    writeFileSync(file, 'process.exit(1);\n');
    return () => writeFileSync(file, text);
  }

  /** Processes of the language server, by their ids. */
  serverProcesses(): number[] {
    const server = join(this.#home, 'extensions');
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .filter((id) => {
        const command = commandLineOf(id);
        return command.includes(server) && command.includes('server.cjs');
      })
      .map(Number);
  }

  /** For whoever looks at why a test has failed. */
  async keepScreenshot(title: string): Promise<void> {
    const path = join(tmpdir(), 'layerwise-vscode-failures', `${title.replace(/\W+/g, '-')}.png`);
    await this.workbench.page.screenshot({ path });
    console.log(`screenshot: ${path}`);
  }

  close(): Promise<void> {
    return this.#end();
  }
}

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: installHost().chromium, args: chromiumArgs });
}

function writeSettings(home: string, settings: NonNullable<CodeOptions['settings']>): void {
  const folder = join(home, 'data', 'User');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'settings.json'), JSON.stringify({ ...quietSettings, ...settings }));
}

function installExtension(host: Host, args: readonly string[]): void {
  const vsix = join(root, 'layerwise.vsix');
  const { status, stdout, stderr } = spawnSync(host.node, [host.codeServer, ...args, '--install-extension', vsix], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`VS Code does not install the extension:\n${stdout}${stderr}`);
}

function startServer(host: Host, args: readonly string[]): ChildProcess {
  const own = ['--bind-addr', '127.0.0.1:0', '--auth', 'none', '--disable-telemetry', '--disable-update-check'];
  return spawn(host.node, [host.codeServer, ...own, ...args, '--disable-workspace-trust', '--ignore-last-opened'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill();
  await ended;
}

/** The port is the system's choice; the server's own log tells it. */
async function addressOf(server: ChildProcess): Promise<string> {
  if (server.stdout) {
    for await (const line of createInterface(server.stdout)) {
      const address = /HTTP server listening on (http:\S+)/.exec(line)?.[1];
      if (address) {
        server.stdout.resume();
        return address;
      }
    }
  }
  throw new Error('code-server ended before it listened');
}

/** Empty where the process has ended. */
function commandLineOf(id: string): string {
  try {
    return readFileSync(`/proc/${id}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
