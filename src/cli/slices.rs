//! The folder of `--split recorder`: which files it is to hold, apart from the writing of them.
//!
//! In come the slices of this run and the `SHA256SUMS` of the last one, out goes the list of what the folder holds
//! afterwards. A slice of the last run that this one no longer has is not left as it was, where it would keep granting:
//! it is emptied, and stays listed.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Read};

use camgrant::table::format::{FORMAT, Layout};
use sha2::{Digest, Sha256};

/// The name of the list of sums.
pub(crate) const SUMS: &str = "SHA256SUMS";

/// Sums by path, in the order of the paths.
pub(crate) type Sums = BTreeMap<String, String>;

/// Bytes of a list of sums: enough for any number of slices, and a bound for whatever lies in the folder by that name.
pub(crate) const MAX_SUMS: u64 = 64 << 20;

/// The sum of some content, as `sha256sum` writes it.
///
/// # Errors
///
/// Where it cannot be read.
pub(crate) fn sum(mut content: impl Read) -> io::Result<String> {
    let mut hash = Sha256::new();
    io::copy(&mut content, &mut hash)?;
    Ok(hex(hash.finalize().as_slice()))
}

/// A hash that is fed while a file is written.
#[derive(Default)]
pub(crate) struct Summing(Sha256);

impl Summing {
    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub(crate) fn finish(self) -> String {
        hex(self.0.finalize().as_slice())
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // writing into a string cannot fail
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Reads a list of sums as `sha256sum` writes it.
///
/// # Errors
///
/// Where a line is none, or names something that is no slice: what cannot be read cannot be emptied either, and nothing
/// that somebody else wrote there may lead out of the folder.
pub(crate) fn parse(text: &str) -> Result<Sums, String> {
    let line = |(number, line): (usize, &str)| {
        let (sum, path) = line.split_at_checked(64).ok_or_else(|| format!("line {number} is no checksum line"))?;
        let path = path.strip_prefix("  ").or_else(|| path.strip_prefix(" *"));
        let path = path.filter(|_| sum.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let path = path.ok_or_else(|| format!("line {number} is no checksum line"))?;
        if !is_slice(path) {
            return Err(format!("line {number} names `{}`, which is no slice", path.escape_debug()));
        }
        Ok((path.to_owned(), sum.to_ascii_lowercase()))
    };
    (1..).zip(text.lines()).map(line).collect()
}

/// Writes a list of sums as `sha256sum` reads it.
pub(crate) fn format(sums: &Sums) -> String {
    sums.iter().map(|(path, sum)| format!("{sum}  {path}\n")).collect()
}

/// Whether this is the path of a slice: `<org>/<recorder>.json`, both of them ids.
pub(crate) fn is_slice(path: &str) -> bool {
    let is_id = |text: &str| {
        let body = text.strip_prefix('_').unwrap_or(text);
        let fit = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        body.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric()) && body.bytes().all(fit)
    };
    match path.split_once('/') {
        Some((org, file)) => is_id(org) && file.strip_suffix(".json").is_some_and(is_id),
        None => false,
    }
}

/// What becomes of the slices that the last run listed and this one does not have.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Gone {
    /// Emptied: their path and their new content.
    pub(crate) emptied: Vec<(String, String)>,
    /// Of organisations that this run was not asked about: left alone, and still listed.
    pub(crate) kept: Sums,
}

/// Sorts out what is gone.
pub(crate) fn gone(old: &Sums, new: &Sums, org: Option<&str>, layout: Layout, compact_json: bool) -> Gone {
    let mut gone = Gone::default();
    for (path, sum) in old.iter().filter(|(path, _)| !new.contains_key(*path)) {
        let of = path.split_once('/').map_or("", |(org, _)| org);
        if org.is_some_and(|org| org != of) {
            gone.kept.insert(path.clone(), sum.clone());
        } else {
            gone.emptied.push((path.clone(), empty(of, layout, compact_json)));
        }
    }
    gone
}

/// A table of an organisation without subjects: nobody may do anything.
fn empty(org: &str, layout: Layout, compact_json: bool) -> String {
    let table = serde_json::json!({
        "format": FORMAT,
        "layout": layout.name(),
        "orgs": { org: { "subjects": {} } },
    });
    if compact_json { format!("{table}\n") } else { format!("{table:#}\n") }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use camgrant::table::Table;

    #[test]
    fn sums_come_back_as_they_were_written() {
        let sums: Sums = [("a/nvr-1.json", "one"), ("a/_unrecorded.json", "two")]
            .map(|(path, content)| (path.to_owned(), sum(content.as_bytes()).unwrap()))
            .into();
        let text = format(&sums);
        assert_eq!(text.lines().count(), 2);
        assert_eq!(parse(&text).unwrap(), sums);
        let mut summing = Summing::default();
        summing.feed(b"o");
        summing.feed(b"ne");
        assert_eq!(summing.finish(), sum(b"one".as_slice()).unwrap());
    }

    #[test]
    fn what_is_no_slice_is_refused() {
        let line = |path: &str| format!("{}  {path}\n", sum(io::empty()).unwrap());
        for path in
            ["../x.json", "a/../b.json", "/etc/passwd", "a/b/c.json", "table.json", "a/.json", "a\\b/c.json", "a/c"]
        {
            assert!(parse(&line(path)).unwrap_err().contains("no slice"), "{path}");
        }
        for text in ["short\n", &line("a/b.json").replacen("  ", " ", 1), &format!("{}  a/b.json\n", "x".repeat(64))] {
            assert_eq!(parse(text).unwrap_err(), "line 1 is no checksum line");
        }
        assert!(parse(&line("a/b.json").replacen("  ", " *", 1)).is_ok());
        assert_eq!(parse("").unwrap(), Sums::new());
    }

    #[test]
    fn a_slice_whose_recorder_is_gone_keeps_granting_nothing() {
        let listed = |paths: &[&str]| -> Sums {
            paths.iter().map(|path| ((*path).to_owned(), sum(io::empty()).unwrap())).collect()
        };
        let (old, new) = (listed(&["a/x.json", "a/y.json", "b/z.json"]), listed(&["a/y.json"]));
        let both = gone(&old, &new, None, Layout::Expanded, false);
        assert_eq!(both.emptied.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(), ["a/x.json", "b/z.json"]);
        for (_, content) in &both.emptied {
            let table = Table::load(content).unwrap();
            let orgs: Vec<_> = table.orgs().collect();
            assert_eq!(orgs.len(), 1);
            assert_eq!(table.subjects(orgs[0]).count(), 0);
        }
        let one = gone(&old, &new, Some("a"), Layout::Factored, true);
        assert_eq!(one.emptied.len(), 1);
        assert_eq!(one.kept, listed(&["b/z.json"]));
        assert_eq!(
            one.emptied[0].1,
            "{\"format\":\"camgrant.table/1\",\"layout\":\"factored\",\"orgs\":{\"a\":{\"subjects\":{}}}}\n"
        );
    }
}
