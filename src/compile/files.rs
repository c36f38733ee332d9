//! What can be wrong with files, family CG00, and how it is said. (`source` finds it and knows no diagnostics.)

use crate::diagnostics::{Diagnostic, Rule};
use crate::source::{FaultKind, FileId, Sources, Span, Trouble};

/// The system refuses to give a file or folder.
pub static UNREADABLE: Rule = Rule::error("CG0001", include_str!("pages/CG0001.md"));
/// Bytes that are no UTF-8.
pub static NOT_UTF8: Rule = Rule::error("CG0002", include_str!("pages/CG0002.md"));
/// `max_file_bytes`.
pub static FILE_TOO_LARGE: Rule = Rule::error("CG0003", include_str!("pages/CG0003.md"));
/// `max_files`.
pub static TOO_MANY_FILES: Rule = Rule::error("CG0004", include_str!("pages/CG0004.md"));
/// `max_total_bytes`.
pub static TOTAL_TOO_LARGE: Rule = Rule::error("CG0005", include_str!("pages/CG0005.md"));
/// A symbolic link to a folder above itself.
pub static LINK_LOOP: Rule = Rule::error("CG0006", include_str!("pages/CG0006.md"));
/// A symbolic link out of the policy.
pub static LINK_OUTSIDE: Rule = Rule::error("CG0007", include_str!("pages/CG0007.md"));
/// `.YAML`, `.Yml`.
pub static ENDING_CASE: Rule = Rule::error("CG0008", include_str!("pages/CG0008.md"));
/// No policy file at all.
pub static NOTHING_TO_READ: Rule = Rule::error("CG0009", include_str!("pages/CG0009.md"));

/// The family, in order.
pub static ALL: &[&Rule] = &[
    &UNREADABLE,
    &NOT_UTF8,
    &FILE_TOO_LARGE,
    &TOO_MANY_FILES,
    &TOTAL_TOO_LARGE,
    &LINK_LOOP,
    &LINK_OUTSIDE,
    &ENDING_CASE,
    &NOTHING_TO_READ,
];

/// The report of a file that could not be read.
pub(super) fn report(trouble: &Trouble, file: FileId, sources: &Sources) -> Diagnostic {
    let path = &sources.file(file).path;
    let (rule, found, help) = match trouble {
        Trouble::World(FaultKind::Unreadable(why)) => {
            (&UNREADABLE, format!("`{path}` cannot be read: {why}"), "check that it exists and who may read it".into())
        }
        Trouble::World(FaultKind::NotAFile) => (
            &UNREADABLE,
            format!("`{path}` cannot be read: it is no regular file"),
            "remove it, or put a file in its place".into(),
        ),
        Trouble::World(FaultKind::TooLarge { limit }) => (
            &FILE_TOO_LARGE,
            format!("`{path}` has more than {limit} bytes"),
            "split it, or raise the limit with `--max-file-bytes`".to_owned(),
        ),
        Trouble::World(FaultKind::LinkLoop) => (
            &LINK_LOOP,
            format!("the link `{path}` leads back to a folder above it"),
            "remove the link: what it shows is read where it is".into(),
        ),
        Trouble::World(FaultKind::LinkOutside) => (
            &LINK_OUTSIDE,
            format!("the link `{path}` leads out of the policy's folder"),
            "put the file itself into the policy, so that reviews see it change".into(),
        ),
        Trouble::World(FaultKind::EndingCase) => (
            &ENDING_CASE,
            format!("the ending of `{path}` is not in lower case"),
            "rename it to end in `.yaml` or `.yml`, so that no system overlooks it".into(),
        ),
        Trouble::World(FaultKind::PathNotText) => {
            (&UNREADABLE, format!("the name `{path}` is no valid text"), "rename it in UTF-8".into())
        }
        Trouble::NotUtf8 { valid_up_to } => (
            &NOT_UTF8,
            format!("`{path}` is not UTF-8: byte {valid_up_to} begins no character"),
            "save it as UTF-8".into(),
        ),
        Trouble::TooManyFiles { limit } => (
            &TOO_MANY_FILES,
            format!("the policy has more than {limit} files"),
            "check that the folder is the right one, or raise the limit with `--max-files`".into(),
        ),
        Trouble::TotalTooLarge { limit } => (
            &TOTAL_TOO_LARGE,
            format!("with `{path}` the policy has more than {limit} bytes"),
            "check that the folder is the right one, or raise the limit with `--max-total-bytes`".into(),
        ),
        Trouble::NothingToRead => (
            &NOTHING_TO_READ,
            "there is no policy here: no file ends in `.yaml` or `.yml`".into(),
            "name the policy's folder, or write a first policy with `camgrant init`".into(),
        ),
    };
    Diagnostic::new(rule, Span::file_start(file), found).help(help)
}
