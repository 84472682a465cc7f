import type { FileResult } from '../core/engine.js';
import { placeFindings } from './place.js';
import type { ReportInput } from './report.js';
import { xmlAttributes } from './xml.js';

/** Checkstyle's XML report, which most CI servers read. */
export function formatCheckstyle(input: ReportInput): string {
  const files = input.results.map((result) => fileElement(result, input));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<checkstyle version="4.3">\n${files.join('')}</checkstyle>\n`;
}

function fileElement(result: FileResult, input: ReportInput): string {
  const errors = placeFindings(result, result.findings, input).map(({ finding, range }) => {
    const attributes = {
      line: range.start.line,
      column: range.start.column,
      severity: finding.severity,
      message: finding.message,
      source: `layerwise.${finding.rule}`,
    };
    return `    <error${xmlAttributes(attributes)}/>\n`;
  });
  const start = `  <file${xmlAttributes({ name: result.path })}`;
  return errors.length === 0 ? `${start}/>\n` : `${start}>\n${errors.join('')}  </file>\n`;
}
