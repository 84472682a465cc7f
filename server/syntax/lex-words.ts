import { isSpace } from './white-space.js';

/** A word between spaces; the range is the text it came from. */
export interface LexWord {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** Gathers the words of a text that is read from left to right. */
export class WordBuffer {
  readonly words: LexWord[] = [];
  private text = '';
  private from = 0;
  private to = 0;

  /** Adds text whose spaces separate words. */
  addSplit(piece: string, from: number, to: number): void {
    for (const character of piece) {
      if (!isSpace(character.charCodeAt(0))) this.addRaw(character, from, to);
      else this.endWord();
    }
  }

  /** Adds [from, to) of the text as it stands; spaces separate words. */
  addPlain(text: string, from: number, to: number): void {
    let start = from;
    for (let at = from; at < to; at++) {
      if (!isSpace(text.charCodeAt(at))) continue;
      this.addRaw(text.slice(start, at), start, at);
      this.endWord();
      start = at + 1;
    }
    this.addRaw(text.slice(start, to), start, to);
  }

  /** Adds quoted or escaped text: its spaces belong to the word. */
  addRaw(piece: string, from: number, to: number): void {
    if (piece === '') return;
    if (this.text === '') this.from = from;
    this.text += piece;
    this.to = to;
  }

  endWord(): void {
    if (this.text === '') return;
    this.words.push({ text: this.text, from: this.from, to: this.to });
    this.text = '';
  }

  /** Forgets the word that is not ended. */
  drop(): void {
    this.text = '';
  }
}
