import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandNames } from '../../client/command-names.js';
import { defaultSettings, settingsSection } from '../../server/lsp/protocol.js';
import { root } from '../helpers/root.js';

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const { contributes } = manifest;

describe('manifest of the extension', () => {
  it('lists the commands that the client registers', () => {
    const listed = contributes.commands.map(({ command }: { command: string }) => command);
    assert.deepEqual([...listed].sort(), [...Object.values(commandNames)].sort());
  });

  it('has the settings of the server, with its defaults, for each resource', () => {
    const settings = Object.fromEntries(
      Object.entries<{ scope: string; default: unknown }>(contributes.configuration.properties)
        .filter(([, { scope }]) => scope === 'resource')
        .map(([name, { default: value }]) => [name.replace(`${settingsSection}.`, ''), value]),
    );
    assert.deepEqual(settings, { ...defaultSettings });
  });

  it('names only files that are there', () => {
    const contributed = ['grammars', 'snippets'].flatMap((kind) =>
      contributes[kind].map(({ path }: { path: string }) => path),
    );
    const [{ configuration }] = contributes.languages;
    const [{ url }] = contributes.jsonValidation;
    for (const file of [manifest.icon, configuration, url, ...contributed]) {
      assert.ok(existsSync(join(root, file)), file);
    }
  });

  it('starts on its two languages only, and runs nothing of the workspace', () => {
    assert.deepEqual(manifest.activationEvents, ['onLanguage:dockerfile', 'onLanguage:dockerignore']);
    assert.equal(manifest.capabilities.untrustedWorkspaces.supported, true);
  });
});
