//! What lints found.

use crate::diagnostics::Diagnostic;

/// Findings of lints.
#[derive(Debug, Default)]
pub struct Findings {
    all: Vec<Diagnostic>,
}

impl Findings {
    /// Adds a finding.
    pub fn push(&mut self, finding: Diagnostic) {
        self.all.push(finding);
    }

    /// All findings.
    #[must_use]
    pub fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.all
    }
}
