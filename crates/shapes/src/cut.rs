//! The same policy in other files: one, or very many. In: files in the block style that this crate writes, in which a
//! section begins at the margin and each of its entries two columns in. Out: files that declare the same.

use super::Files;
use std::fmt::Write;

/// An entry of a section, as its lines.
type Entry = String;

/// The manifest as it is, and everything else in one file, each section once.
pub(crate) fn one_file(files: Files) -> Files {
    let (mut out, sections) = taken_apart(files);
    let mut text = String::new();
    for (section, entries) in sections {
        let _ = writeln!(text, "{section}");
        text.extend(entries);
    }
    out.push(("policy.yaml".to_owned(), text));
    out
}

/// The manifest as it is, and everything else in about so many files, in folders of a hundred.
pub(crate) fn many_files(files: Files, count: usize) -> Files {
    let (mut out, sections) = taken_apart(files);
    let entries: usize = sections.iter().map(|(_, entries)| entries.len()).sum();
    let most = entries.div_ceil(count.max(1)).max(1);
    for (section, entries) in sections {
        let name = section.trim_end_matches(':');
        for (number, part) in entries.chunks(most).enumerate() {
            let path = format!("{name}/{:03}/{number:06}.yaml", number / 100);
            out.push((path, format!("{section}\n{}", part.concat())));
        }
    }
    out
}

/// The manifest, and the entries of each section in the order in which they stand.
fn taken_apart(files: Files) -> (Files, Vec<(String, Vec<Entry>)>) {
    let mut manifest = Files::new();
    let mut sections: Vec<(String, Vec<Entry>)> = Vec::new();
    for (path, text) in files {
        if path == "camgrant.yaml" {
            manifest.push((path, text));
            continue;
        }
        let mut open = 0;
        for line in text.lines().filter(|line| !line.is_empty()) {
            if !line.starts_with(' ') {
                open = sections.iter().position(|(section, _)| section == line).unwrap_or_else(|| {
                    sections.push((line.to_owned(), Vec::new()));
                    sections.len() - 1
                });
                continue;
            }
            let entries = &mut sections[open].1;
            if !line.starts_with("   ") {
                entries.push(Entry::new());
            }
            let entry = entries.last_mut().expect("a section begins with an entry");
            let _ = writeln!(entry, "{line}");
        }
    }
    (manifest, sections)
}
