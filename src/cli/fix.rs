//! `check --fix`: puts the certain fixes of a report into the files, round by round in memory until none is left, and
//! writes what came of it. A file gets all of its fixes or none. Never written: standard input, what a link leads to
//! outside of the policy, what has changed since it was read.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use camgrant::compile::{Compiled, Options, compile};
use camgrant::diagnostics::Diagnostic;
use camgrant::diagnostics::fixes::{self, Fixed};
use camgrant::diagnostics::render::counted;
use camgrant::source::disk::DiskWorld;
use camgrant::source::{Overlay, Places, Sources, World};

use super::common::{Common, Stream};
use super::exit::Failure;
use super::output::{self, Staged, Target};

/// Rounds after which no more fixes are looked for: each may only uncover the next.
const ROUNDS: usize = 10;
/// Fixes that are told one by one.
const TOLD: usize = 100;
/// The byte-order mark, which a text is kept without.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// What was put into one file.
#[derive(Debug, Default)]
struct Mended {
    /// What the file held when it was read.
    before: String,
    after: String,
    /// Each fix in one line, with its place before the round.
    told: Vec<String>,
}

/// Puts the fixes of whatever `wanted` leaves of a report into the files of the policy at `path`, and says what it did.
/// True where a file could not be written.
pub(crate) fn run(
    path: &Path,
    world: &DiskWorld,
    options: &Options,
    wanted: impl Fn(Vec<Diagnostic>, &Sources) -> Vec<Diagnostic>,
    common: &Common,
) -> Result<bool, Failure> {
    let (mended, given_up) = mend(world, options, wanted);
    let mut failed = false;
    let mut lines: Vec<String> =
        given_up.iter().map(|file| format!("not fixed: the fixes of `{file}` do not mend it")).collect();
    let (mut count, mut files) = (0, 0);
    for (file, mended) in mended {
        match write(path, &file, &mended) {
            Ok(()) => {
                count += mended.told.len();
                files += 1;
                lines.extend(mended.told);
            }
            Err(why) => {
                failed = true;
                lines.push(format!("not fixed: `{file}` {why}"));
            }
        }
    }
    if !common.quiet {
        output::print(Stream::Stderr, |out| {
            for line in lines.iter().take(TOLD) {
                writeln!(out, "{line}")?;
            }
            if lines.len() > TOLD {
                writeln!(out, "and {} more", lines.len() - TOLD)?;
            }
            match count {
                0 => writeln!(out, "nothing fixed"),
                _ => writeln!(out, "fixed {} in {}", counted(count, "finding"), counted(files, "file")),
            }
        })?;
    }
    Ok(failed)
}

/// Every file that fixes change, by its path inside the policy; and the files whose fixes did not do what they were to do.
fn mend(
    world: &DiskWorld,
    options: &Options,
    wanted: impl Fn(Vec<Diagnostic>, &Sources) -> Vec<Diagnostic>,
) -> (BTreeMap<String, Mended>, BTreeSet<String>) {
    let mut mended: BTreeMap<String, Mended> = BTreeMap::new();
    let mut given_up: BTreeSet<String> = BTreeSet::new();
    let mut overlay = Overlay { world: world as &dyn World, texts: BTreeMap::new() };
    let mut compiled = compile(&overlay, options);
    for _ in 0..ROUNDS {
        let Compiled { sources, diagnostics, .. } = compiled;
        let before = Tally::new(&diagnostics, &sources);
        let report = wanted(diagnostics, &sources);
        let mut fixed = fixes::apply(&report, &sources);
        fixed.retain(|file| !given_up.contains(&sources.file(file.file).path));
        if fixed.is_empty() {
            break;
        }
        let texts = overlay.texts.clone();
        overlay.texts.extend(fixed.iter().map(|file| (sources.file(file.file).path.clone(), file.text.clone())));
        compiled = compile(&overlay, options);
        let of = |file: &Fixed| file.findings.iter().filter_map(|number| report.get(*number)).collect::<Vec<_>>();
        let after = Tally::new(&compiled.diagnostics, &compiled.sources);
        if !fixed.iter().flat_map(of).all(|finding| after.is_better(&before, finding, &sources)) {
            overlay.texts = texts;
            given_up.extend(fixed.iter().map(|file| sources.file(file.file).path.clone()));
            compiled = compile(&overlay, options);
            continue;
        }
        let mut places = Places::new(&sources);
        for file in fixed {
            let source = sources.file(file.file);
            let entry = mended.entry(source.path.clone()).or_default();
            if entry.told.is_empty() {
                entry.before.clone_from(&source.text);
            }
            entry.told.extend(of(&file).into_iter().map(|finding| told(finding, &mut places)));
            entry.after = file.text;
        }
    }
    (mended, given_up)
}

/// A report by what it says.
struct Tally {
    /// By path, code and message.
    counts: BTreeMap<(String, &'static str, String), usize>,
    /// How many findings say that a text could not be read.
    unread: usize,
}

impl Tally {
    fn new(diagnostics: &[Diagnostic], sources: &Sources) -> Tally {
        let mut tally = Tally { counts: BTreeMap::new(), unread: 0 };
        for finding in diagnostics {
            *tally.counts.entry(key(finding, sources)).or_default() += 1;
            tally.unread += usize::from(finding.rule.code.starts_with("CG01"));
        }
        tally
    }

    /// Whether a finding is there less often than before, and no text is less readable. (What a mistake hid may come to
    /// light.)
    fn is_better(&self, before: &Tally, finding: &Diagnostic, sources: &Sources) -> bool {
        let key = key(finding, sources);
        self.unread <= before.unread && self.counts.get(&key) < before.counts.get(&key)
    }
}

fn key(finding: &Diagnostic, sources: &Sources) -> (String, &'static str, String) {
    (sources.file(finding.span.file).path.clone(), finding.rule.code, finding.message.clone())
}

fn told(finding: &Diagnostic, places: &mut Places<'_>) -> String {
    let (path, at) = places.locate(finding.span);
    let title = finding.fix.as_ref().map_or("", |fix| fix.title.as_str());
    format!("fixed {path}:{}:{}: {}: {title}", at.line, at.column, finding.rule.code)
}

/// Writes a file of the policy, or says why not.
fn write(policy: &Path, file: &str, mended: &Mended) -> Result<(), String> {
    let place = place(policy, file)?;
    if fs::metadata(&place).is_ok_and(|metadata| metadata.permissions().readonly()) {
        return Err("is write-protected".to_owned());
    }
    let mark = unchanged(&place, &mended.before)?;
    let staged = Staged::write(&Target::Own(place.clone()), None, |out| {
        out.write_all(if mark { MARK } else { b"" })?;
        out.write_all(mended.after.as_bytes())
    });
    let staged = staged.map_err(|fault| said(&fault.into()))?;
    unchanged(&place, &mended.before)?;
    output::commit(vec![staged]).map_err(|failure| said(&failure))
}

fn said(failure: &Failure) -> String {
    format!("could not be written ({failure})")
}

/// Where a file of the policy really is.
fn place(policy: &Path, file: &str) -> Result<PathBuf, String> {
    let unreachable = |error: std::io::Error| format!("cannot be reached: {error}");
    if policy.is_dir() {
        let root = policy.canonicalize().map_err(unreachable)?;
        let place = root.join(file).canonicalize().map_err(unreachable)?;
        return if place.starts_with(&root) { Ok(place) } else { Err("is a link out of the policy".to_owned()) };
    }
    let metadata = policy.symlink_metadata().map_err(unreachable)?;
    if metadata.is_symlink() {
        return Err("is a link: fix the file that it leads to".to_owned());
    }
    if !metadata.is_file() {
        return Err("is no regular file".to_owned());
    }
    policy.canonicalize().map_err(unreachable)
}

/// Whether a file begins with a byte-order mark, if it still holds what was read.
fn unchanged(place: &Path, text: &str) -> Result<bool, String> {
    let mut bytes = Vec::new();
    let limit = (text.len() + MARK.len() + 1) as u64;
    let read = File::open(place).and_then(|file| file.take(limit).read_to_end(&mut bytes));
    let content = bytes.strip_prefix(MARK);
    match read {
        Ok(_) if content.unwrap_or(&bytes) == text.as_bytes() => Ok(content.is_some()),
        Ok(_) => Err("has changed since it was read".to_owned()),
        Err(error) => Err(format!("cannot be read again: {error}")),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn what_has_changed_since_it_was_read_is_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.yaml");
        let mended = Mended { before: "a: no\n".into(), after: "a: false\n".into(), told: Vec::new() };
        for changed in ["a: no\nb: 1\n", "a: on\n", "", "a: no"] {
            fs::write(&path, changed).unwrap();
            assert_eq!(
                write(folder.path(), "a.yaml", &mended),
                Err("has changed since it was read".into()),
                "{changed}"
            );
            assert_eq!(fs::read_to_string(&path).unwrap(), changed);
        }
        fs::write(&path, "\u{feff}a: no\n").unwrap();
        assert_eq!(write(folder.path(), "a.yaml", &mended), Ok(()));
        assert_eq!(fs::read_to_string(&path).unwrap(), "\u{feff}a: false\n");
        fs::remove_file(&path).unwrap();
        assert!(write(folder.path(), "a.yaml", &mended).is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
