import type { FileResult } from '../core/engine.js';
import type { Finding } from '../core/finding.js';
import { lineAt, lineStarts } from '../syntax/text.js';
import { compareFindings } from './report.js';

/** Of the guilty lines, in code units; what follows is not looked at, so that time stays linear where findings overlap. */
const MAX_LENGTH = 4_000;

/**
 * A name for each finding of a file, the suppressed ones too: 16 hex digits, a colon, and the occurrence number (from 1) of this
 * rule on this text in this file. Made from the rule and the words of the lines that the finding covers, so edits elsewhere and
 * changes of indentation or line endings leave it as it is.
 */
export function fingerprintsOf(result: FileResult): ReadonlyMap<Finding, string> {
  const findings = [...result.findings, ...result.suppressed.map(({ finding }) => finding)].sort(compareFindings);
  const starts = lineStarts(result.text);
  const hashes = new Map<string, string>();
  const counts = new Map<string, number>();
  const prints = new Map<Finding, string>();
  for (const finding of findings) {
    const first = lineAt(starts, finding.span.start);
    const last = lineAt(starts, Math.max(finding.span.start, finding.span.end - 1));
    const from = starts[first] ?? 0;
    const place = `${first}:${last}`;
    const words =
      hashes.get(place) ??
      hash64(wordsOf(result.text.slice(from, Math.min(starts[last + 1] ?? Infinity, from + MAX_LENGTH))));
    hashes.set(place, words);
    const hash = hash64(`${finding.rule} ${words}`);
    const count = (counts.get(hash) ?? 0) + 1;
    counts.set(hash, count);
    prints.set(finding, `${hash}:${count}`);
  }
  return prints;
}

function wordsOf(lines: string): string {
  return lines.split(/\s+/).filter(Boolean).join(' ');
}

/** 16 hex digits; FNV-1a in two lanes with a last mix, to tell texts apart and not to withstand an attacker. */
export function hash64(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x9e3779b9;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x85ebca6b);
    b ^= b >>> 15;
  }
  return hex(mix(a ^ (b >>> 7))) + hex(mix(b ^ text.length));
}

function mix(value: number): number {
  const once = Math.imul(value ^ (value >>> 16), 0xc2b2ae35);
  return once ^ (once >>> 13);
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}
