//! Budgets: from the command line, over those of the manifest, over the defaults.

use crate::model::Budgets;
use crate::source::{FileBudgets, Listing, World};
use crate::syntax::ReadingLimits;

/// Budgets from the command line.
#[derive(Clone, Copy, Debug, Default)]
#[allow(missing_docs)] // each is the budget of its name
pub struct BudgetFlags {
    pub max_file_bytes: Option<u64>,
    pub max_files: Option<u64>,
    pub max_total_bytes: Option<u64>,
    pub max_alternatives: Option<u64>,
    pub max_table_bytes: Option<u64>,
    pub max_depth: Option<u64>,
    pub max_alias_expansion: Option<u64>,
}

/// The deepest YAML that is ever read: each level is a few calls deep, and stacks are finite.
const DEEPEST: u64 = 128;

impl BudgetFlags {
    /// Lists a world, before the manifest can lower the number of files.
    pub(super) fn list(&self, world: &dyn World) -> Listing {
        let max_files = self.max_files.unwrap_or(Budgets::default().max_files);
        world.list(usize::try_from(max_files).unwrap_or(usize::MAX))
    }

    /// These budgets, and `others` where nothing is said.
    pub(super) fn over(&self, others: Budgets) -> Budgets {
        Budgets {
            max_file_bytes: self.max_file_bytes.unwrap_or(others.max_file_bytes),
            max_files: self.max_files.unwrap_or(others.max_files),
            max_total_bytes: self.max_total_bytes.unwrap_or(others.max_total_bytes),
            max_alternatives: self.max_alternatives.unwrap_or(others.max_alternatives),
            max_table_bytes: self.max_table_bytes.unwrap_or(others.max_table_bytes),
            max_depth: self.max_depth.unwrap_or(others.max_depth),
            max_alias_expansion: self.max_alias_expansion.unwrap_or(others.max_alias_expansion),
        }
    }
}

impl Budgets {
    pub(super) fn files(&self) -> FileBudgets {
        FileBudgets {
            max_file_bytes: self.max_file_bytes,
            max_files: self.max_files,
            max_total_bytes: self.max_total_bytes,
        }
    }

    pub(crate) fn depth(&self) -> u32 {
        // never above `DEEPEST`, so it fits
        self.max_depth.min(DEEPEST) as u32
    }

    pub(crate) fn reading(&self) -> ReadingLimits {
        ReadingLimits { max_depth: self.depth(), max_alias_expansion: self.max_alias_expansion }
    }
}
