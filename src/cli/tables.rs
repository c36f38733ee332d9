//! The one place in which the command line asks the emitters for tables.

use std::io::{self, Write};

use camgrant::effective::Effective;
use camgrant::emit::{self, TableOptions};
use camgrant::table::Table;
use camgrant::table::format::Layout;

use super::exit::Failure;
use super::output::StageFault;

/// Writes the table, or the slice of one recorder.
pub(crate) fn write(policy: &Effective, options: &TableOptions<'_>, out: &mut dyn Write) -> io::Result<()> {
    emit::write_table(policy, options, out)?.map_err(io::Error::other)
}

/// Whether such a table can be written at all: the organisation and the recorder are there.
pub(crate) fn check(policy: &Effective, options: &TableOptions<'_>) -> Result<(), Failure> {
    emit::check_selection(policy, options).map_err(|fault| Failure::new(fault.to_string()))
}

/// Compiles the table in memory, to be asked.
pub(crate) fn load(policy: &Effective, org: &str) -> Result<Table, Failure> {
    let options = TableOptions { layout: Layout::Factored, compact_json: true, org: Some(org), recorder: None };
    check(policy, &options)?;
    let mut json = Vec::new();
    write(policy, &options, &mut json).map_err(|error| Failure::output("the table", &error))?;
    Table::load(&json).map_err(|error| Failure::new(format!("the table cannot be read back: {error}")))
}

/// Goes through the slices, one a recorder: its path, and what writes it.
pub(crate) fn each_slice(
    policy: &Effective,
    options: &TableOptions<'_>,
    mut each: impl FnMut(String, &dyn Fn(&mut dyn Write) -> io::Result<()>) -> Result<(), StageFault>,
) -> Result<(), StageFault> {
    for (path, write) in emit::slices(policy, options) {
        each(path, &write)?;
    }
    Ok(())
}
