// Mocha's own spec reporter, closed by one plain line that any CI can read.
const { reporters } = require('mocha');

class ClosingLine extends reporters.Spec {
  epilogue() {
    super.epilogue();
    const { passes, failures, pending } = this.stats;
    console.log(`${passes} passed, ${failures} failed${pending ? `, ${pending} skipped` : ''}`);
  }
}

module.exports = ClosingLine;
