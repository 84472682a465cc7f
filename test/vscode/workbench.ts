import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { eventually } from './eventually.js';

/** VS Code's window as a user has it: keys, menus, and what is on the screen. Lines and columns count from 1. */
export class Workbench {
  readonly page: Page;
  readonly folder: string;

  constructor(page: Page, folder: string) {
    this.page = page;
    this.folder = folder;
  }

  async ready(): Promise<void> {
    await this.page.locator('.explorer-folders-view .monaco-list-row').first().waitFor({ timeout: 120_000 });
  }

  /** Opens a file of the folder by its path, as with Ctrl+P. */
  async openFile(path: string): Promise<void> {
    const name = path.split('/').at(-1) ?? path;
    await this.#pick('Control+P', path, ...path.split('/').slice(-2));
    await this.page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
    await this.page.locator('.editor-group-container.active .monaco-editor .view-line').first().waitFor();
  }

  async run(command: string): Promise<void> {
    await this.#pick('F1', `>${command}`, command);
  }

  /** Takes an entry of the list that a command has opened. */
  async choose(entry: string): Promise<void> {
    await this.page.locator('.quick-input-widget .monaco-list-row', { hasText: entry }).first().click();
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  }

  async goTo(line: number, column: number): Promise<void> {
    await this.#pick('Control+G', `:${line}:${column}`, `line ${line}`);
  }

  /** Presses the key, types the text, and takes the first entry once that is the one which is meant. */
  async #pick(key: string, text: string, ...meant: readonly string[]): Promise<void> {
    const widget = this.page.locator('.quick-input-widget');
    const input = widget.locator('input').first();
    await this.page.keyboard.press(key);
    await input.fill(text);
    const first = widget.locator('.monaco-list-row').first();
    await eventually(`an entry for ${text}`, async () => {
      const label = await first.getAttribute('aria-label');
      return meant.every((part) => label?.includes(part));
    });
    await this.page.keyboard.press('Enter');
    // The command may open the next list in the same place.
    await eventually('the list gone', async () => !(await widget.isVisible()) || (await input.inputValue()) !== text);
  }

  squiggles(severity: 'error' | 'warning' | 'info'): Locator {
    return this.page.locator(`.editor-group-container.active .squiggly-${severity}`);
  }

  /** Texts of the entries in Problems, files and findings. Opens the view. */
  async problems(): Promise<string[]> {
    const view = this.page.locator('.markers-panel');
    if (!(await view.isVisible())) await this.run('Problems: Focus on Problems View');
    await view.waitFor();
    return labelsOf(view.locator('.monaco-list-row'));
  }

  /** Titles in the menu of Ctrl+. at the cursor. It stays open. */
  async openQuickFixes(): Promise<string[]> {
    const rows = this.page.locator('.action-widget .monaco-list-row.action');
    // A busy window may miss the key, or close the menu again when a late answer arrives.
    await eventually('the menu', async () => {
      if (await rows.first().isVisible()) return true;
      await this.page.keyboard.press('Control+.');
      return rows
        .first()
        .waitFor({ timeout: 5000 })
        .then(
          () => true,
          () => false,
        );
    });
    return labelsOf(rows);
  }

  async chooseQuickFix(title: string): Promise<void> {
    const row = this.page.locator('.action-widget .monaco-list-row.action', { hasText: title }).first();
    await row.click();
    await row.waitFor({ state: 'hidden' });
  }

  /** Text of the hover at the cursor. */
  async hover(): Promise<string> {
    await this.run('Show or Focus Hover');
    const hover = this.page.locator(
      '.monaco-hover:not(.hidden) .monaco-hover-content, .monaco-resizable-hover:not(.hidden) .monaco-hover-content',
    );
    return eventually('a hover', async () => {
      const text = ((await hover.first().textContent()) ?? '').trim();
      return text !== '' && !/^Loading/.test(text) && text;
    });
  }

  /** What stands behind the braces of the status bar. */
  async languageStatus(): Promise<string> {
    await this.page.locator('#status\\.languageStatus').hover();
    const item = this.page.locator('.hover-language-status', { hasText: 'Layerwise' });
    await item.first().waitFor();
    return (await item.allTextContents()).join('\n');
  }

  /** With what the settings say is done on save. */
  async save(): Promise<void> {
    await this.page.keyboard.press('Control+S');
    await this.#saved();
  }

  async saveAsIs(): Promise<void> {
    await this.run('File: Save without Formatting');
    await this.#saved();
  }

  async #saved(): Promise<void> {
    await eventually('the file saved', async () => (await this.page.locator('.tab.active.dirty').count()) === 0);
  }

  /** Text of a file on the disk. */
  read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8');
  }

  /** Changes a file on the disk, behind the editor's back. */
  write(path: string, text: string): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** What is in sight of the active editor, its lines in any order. */
  async editorText(): Promise<string> {
    const lines = await this.page.locator('.editor-group-container.active .view-line').allTextContents();
    return lines.join('\n').replaceAll('\u00a0', ' ');
  }

  /** What decorations write behind the lines of the active editor. */
  decorationTexts(): Promise<string[]> {
    return this.page.evaluate<string[]>(
      `[...document.querySelectorAll('.editor-group-container.active .view-line span')]
        .map((span) => getComputedStyle(span, '::after').content)`,
    );
  }

  /** What the frames of previews show. */
  webviewText(): Promise<string> {
    return eventually('text in a preview', async () => {
      const inner = this.page.frames().filter((frame) => frame.parentFrame()?.parentFrame());
      const texts = await Promise.all(inner.map((frame) => frame.locator('body').textContent({ timeout: 1000 })));
      return texts.join('\n').trim() || undefined;
    });
  }

  /** Replaces the text of the active editor and leaves it unsaved. */
  async replaceText(text: string): Promise<void> {
    await this.page.locator('.editor-group-container.active .monaco-editor').first().click();
    await this.page.keyboard.press('Control+A');
    await this.page.keyboard.insertText(text);
  }
}

/** All at once: the rows of a list are made and dropped while it is on the screen. */
function labelsOf(rows: Locator): Promise<string[]> {
  const read = (elements: readonly { getAttribute(name: string): string | null }[]) =>
    elements.map((element) => element.getAttribute('aria-label') ?? '');
  return rows.evaluateAll(read);
}
