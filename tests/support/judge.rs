//! The compiler against the naive evaluator: the same findings, and the same table byte for byte.

use std::collections::BTreeSet;

use camgrant_naive::{Policy, Violation};

use super::memory::{Files, compile_files, lines, table_of};

/// The codes that the compiler must report where the naive evaluator finds these violations.
fn codes(violations: &BTreeSet<Violation>) -> BTreeSet<&'static str> {
    violations
        .iter()
        .map(|violation| match violation {
            Violation::LayoutUncovered { .. } => "CG0501",
            Violation::DeviceGroupUncovered { .. } => "CG0502",
            Violation::LicencePool { .. } => "CG0503",
            Violation::LicenceUnknown { .. } => "CG0504",
            Violation::OwnerDisabled { .. } => "CG0505",
            Violation::TooManyAlternatives { .. } => "CG0506",
            Violation::ViewOverDenied { .. } => "CG1001",
        })
        .collect()
}

/// Judges one policy; says whether it compiles.
///
/// # Errors
/// Where the two differ: how.
pub(crate) fn judge(files: &Files) -> Result<bool, String> {
    let naive = Policy::read(files)?;
    let compiled = compile_files(files);
    let found: BTreeSet<&str> = compiled.diagnostics.iter().filter(|d| d.is_error()).map(|d| d.rule.code).collect();
    let expected = codes(&naive.violations());
    if found != expected {
        return Err(format!("expected {expected:?}, found {:#?}", lines(&compiled)));
    }
    let warned = compiled.diagnostics.iter().any(|d| d.rule.code == "CG1002");
    if warned == naive.warnings().is_empty() {
        return Err(format!("condition-not-covered: ours {warned}"));
    }
    let Some(policy) = &compiled.policy else { return Ok(false) };
    let (ours, theirs) = (table_of(policy, "expanded"), naive.table_text());
    let difference = ours.lines().zip(theirs.lines()).enumerate().find(|(_, (a, b))| a != b);
    match difference {
        Some((line, (a, b))) => Err(format!("line {}: ours {a}, the naive one's {b}", line + 1)),
        None if ours.len() != theirs.len() => Err("one table ends before the other".to_owned()),
        None => Ok(true),
    }
}
