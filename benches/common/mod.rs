//! What the benchmarks do with a policy. In: its files. Out: a number that depends on all of the work, or why it could
//! not be done: an error of the policy, or of writing.

#![allow(dead_code, reason = "each bench uses a part of what is here")]

pub(crate) mod clock;

use camgrant::catalogue;
use camgrant::compile::{Options, compile};
use camgrant::diagnostics::Level;
use camgrant::effective::Effective;
use camgrant::emit::table::{self as emit, TableOptions};
use camgrant::source::MemoryWorld;
use camgrant::table::format::Layout;
use std::io::{BufWriter, Write};

/// Text to rights, with every finding; answers with the number of organisations.
pub(crate) fn check(files: &[(String, String)]) -> Result<u64, String> {
    Ok(compiled(files, &Options { now: Some(NOW), ..Options::default() })?.orgs.len() as u64)
}

/// A time, for the lints that look at one.
const NOW: i64 = 1_795_521_600;

/// The same, where nobody wants to hear a lint: the difference is what lints cost.
pub(crate) fn check_without_lints(files: &[(String, String)]) -> Result<u64, String> {
    let names = catalogue::lints().filter_map(|rule| rule.name);
    let levels = names.map(|name| (name.to_owned(), Level::Allow)).collect();
    Ok(compiled(files, &Options { levels, ..Options::default() })?.orgs.len() as u64)
}

/// Text to a table that goes nowhere, as `camgrant compile --quiet` does; answers with its bytes.
pub(crate) fn table(files: &[(String, String)], layout: Layout) -> Result<u64, String> {
    let rights = compiled(files, &Options { now: Some(NOW), only_stopping: true, ..Options::default() })?;
    let selection = emit::select(&rights, None, None).map_err(|fault| fault.to_string())?;
    let mut count = Count(0);
    let options = TableOptions { layout, compact_json: false };
    let mut out = BufWriter::with_capacity(1 << 20, &mut count);
    emit::write(&selection, options, &mut out).map_err(|error| error.to_string())?;
    out.flush().map_err(|error| error.to_string())?;
    drop(out);
    Ok(count.0)
}

fn compiled(files: &[(String, String)], options: &Options) -> Result<Effective, String> {
    let compiled = compile(&MemoryWorld::new(files.iter().cloned()), options);
    compiled.policy.ok_or_else(|| {
        let stopping = || compiled.diagnostics.iter().filter(|d| d.is_error() || d.level == Level::Deny);
        let first = stopping().next().map_or_else(String::new, |d| d.message.clone());
        format!("the policy does not compile ({} findings stop it): {first}", stopping().count())
    })
}

/// Counts bytes and keeps none.
struct Count(u64);

impl Write for Count {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
