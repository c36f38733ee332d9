//! `check --fix`: puts the certain fixes of a report into the files, round by round in memory until none is left, and
//! writes what came of it. A file gets all of its fixes or none. Never written: standard input, what a link leads to
//! outside of the policy, what has changed since it was read.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use camgrant::compile::{Compiled, Options, compile};
use camgrant::diagnostics::render::counted;
use camgrant::diagnostics::{Diagnostic, fixes};
use camgrant::source::disk::DiskWorld;
use camgrant::source::{Overlay, Places, Sources, World};

use super::common::{Common, Stream};
use super::exit::Failure;
use super::output::{self, Staged, Target, named};

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
    let mended = mend(world, options, wanted);
    let mut failed = false;
    let mut lines = Vec::new();
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

/// Every file that fixes change, by its path inside the policy.
fn mend(
    world: &DiskWorld,
    options: &Options,
    wanted: impl Fn(Vec<Diagnostic>, &Sources) -> Vec<Diagnostic>,
) -> BTreeMap<String, Mended> {
    let mut mended: BTreeMap<String, Mended> = BTreeMap::new();
    let mut overlay = Overlay { world: world as &dyn World, texts: BTreeMap::new() };
    let mut given_up: BTreeSet<String> = BTreeSet::new();
    let mut compiled = compile(&overlay, options);
    for _ in 0..ROUNDS {
        let Compiled { sources, diagnostics, .. } = compiled;
        let mistakes = slips(&diagnostics);
        let report = wanted(diagnostics, &sources);
        let fixed = fixes::apply(&report, &sources);
        let fixed: Vec<_> = fixed.into_iter().filter(|f| !given_up.contains(&sources.file(f.file).path)).collect();
        if fixed.is_empty() {
            break;
        }
        let before = overlay.texts.clone();
        for file in &fixed {
            overlay.texts.insert(sources.file(file.file).path.clone(), file.text.clone());
        }
        compiled = compile(&overlay, options);
        if slips(&compiled.diagnostics) > mistakes {
            // a fix that is not what it was thought to be: none of this round's
            overlay.texts = before;
            given_up.extend(fixed.iter().map(|file| sources.file(file.file).path.clone()));
            compiled = compile(&overlay, options);
            continue;
        }
        let mut places = Places::new(&sources);
        for file in fixed {
            let source = sources.file(file.file);
            let entry = mended.entry(source.path.clone()).or_default();
            if entry.told.is_empty() {
                entry.before = source.text.clone();
            }
            let findings = file.findings.iter().filter_map(|number| report.get(*number));
            entry.told.extend(findings.map(|finding| told(finding, &mut places)));
            entry.after = file.text;
        }
    }
    mended
}

/// Mistakes of text, shape and names: what a fix must never add. (Mistakes of meaning may only come to light.)
fn slips(diagnostics: &[Diagnostic]) -> usize {
    let slip =
        |finding: &&Diagnostic| ["CG01", "CG02", "CG03"].iter().any(|family| finding.rule.code.starts_with(family));
    diagnostics.iter().filter(slip).count()
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
