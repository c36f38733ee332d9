//! Tables from a compiled policy: which one is meant, and one in memory to be asked.

use camgrant::effective::{Effective, OrgRights};
use camgrant::emit::table::{self, Selection, TableOptions};
use camgrant::table::Table;
use camgrant::table::format::Layout;

use super::exit::Failure;

/// What goes into the table: everything, an organisation, or the slice of a recorder.
pub(crate) fn select<'p>(
    policy: &'p Effective,
    org: Option<&str>,
    recorder: Option<&str>,
) -> Result<Selection<'p>, Failure> {
    table::select(policy, org, recorder).map_err(|fault| Failure::new(fault.to_string()))
}

/// All organisations, or the one that is asked for.
pub(crate) fn organisations<'p>(policy: &'p Effective, org: Option<&str>) -> Result<Vec<&'p OrgRights>, Failure> {
    table::organisations(policy, org).map_err(|fault| Failure::new(fault.to_string()))
}

/// The table of an organisation, to be asked. It takes the same way as any table that is written.
pub(crate) fn load(policy: &Effective, org: &str) -> Result<Table, Failure> {
    let options = TableOptions { layout: Layout::Factored, compact_json: true };
    let mut json = Vec::new();
    table::write(&select(policy, Some(org), None)?, options, &mut json)
        .map_err(|error| Failure::output("the table", &error))?;
    Table::load(&json).map_err(|error| Failure::new(format!("the table cannot be read back: {error}")))
}
