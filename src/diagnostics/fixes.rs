//! Certain fixes, put into the texts: in come findings and what their files hold, out goes what the files should hold.
//! A fix is put in whole or not at all, and never over another: what overlaps waits for the next round. No file is
//! touched here.

use std::collections::BTreeMap;

use super::Diagnostic;
use crate::source::{FileId, Sources, Span};

/// A file after its fixes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// The file.
    pub file: FileId,
    /// What it should hold.
    pub text: String,
    /// Whose fixes went into it, by number in the report.
    pub findings: Vec<usize>,
}

/// The files of a report with as many of its fixes as go together; the first in the report's order come first.
#[must_use]
pub fn apply(diagnostics: &[Diagnostic], sources: &Sources) -> Vec<Fixed> {
    let mut files: BTreeMap<FileId, Edits<'_>> = BTreeMap::new();
    for (number, diagnostic) in diagnostics.iter().enumerate() {
        let Some(fix) = &diagnostic.fix else { continue };
        // a fix over several files could not be written whole or not at all
        let Some(file) = fix.edits.first().map(|(span, _)| span.file) else { continue };
        if fix.edits.iter().all(|(span, _)| span.file == file && sources.holds(*span)) {
            files.entry(file).or_default().add(number, &fix.edits);
        }
    }
    let fixed = files.into_iter().filter(|(_, edits)| !edits.findings.is_empty());
    fixed.map(|(file, edits)| edits.put_into(file, &sources.file(file).text)).collect()
}

/// Edits of one file that do not overlap.
#[derive(Debug, Default)]
struct Edits<'d> {
    /// By where they begin: where they end, and the new text.
    by_start: BTreeMap<u32, (u32, &'d str)>,
    findings: Vec<usize>,
}

impl<'d> Edits<'d> {
    /// Adds the edits of one fix, all or none.
    fn add(&mut self, number: usize, edits: &'d [(Span, String)]) {
        let mut added = Vec::new();
        for (span, text) in edits {
            if !self.is_free(span) {
                self.by_start.retain(|start, _| !added.contains(start));
                return;
            }
            self.by_start.insert(span.start, (span.end, text));
            added.push(span.start);
        }
        self.findings.push(number);
    }

    fn is_free(&self, span: &Span) -> bool {
        let before = self.by_start.range(..=span.start).next_back();
        let clear = before.is_none_or(|(start, (end, _))| *end <= span.start && *start < span.start);
        let mut within = self.by_start.range(span.start..span.end.max(span.start));
        clear && within.next().is_none()
    }

    fn put_into(self, file: FileId, text: &str) -> Fixed {
        let mut fixed = String::with_capacity(text.len());
        let mut at = 0;
        for (start, (end, new)) in self.by_start {
            fixed.push_str(text.get(at..start as usize).unwrap_or_default());
            fixed.push_str(new);
            at = end as usize;
        }
        fixed.push_str(text.get(at..).unwrap_or_default());
        Fixed { file, text: fixed, findings: self.findings }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::{Fix, Rule};
    use crate::source::SourceFile;

    static RULE: Rule = Rule::error("CG0301", "");

    fn fixed(text: &str, fixes: &[&[(u32, u32, &str)]]) -> Vec<Fixed> {
        let mut sources = Sources::default();
        let file = sources.add(SourceFile::new("a.yaml".into(), text.into()));
        let findings: Vec<Diagnostic> = fixes
            .iter()
            .map(|edits| {
                let mut finding = Diagnostic::new(&RULE, Span::file_start(file), "x");
                let edits = edits.iter().map(|(start, end, text)| (Span::new(file, *start, *end), (*text).to_owned()));
                finding.fix = Some(Fix { title: "mend it".into(), edits: edits.collect() });
                finding
            })
            .collect();
        apply(&findings, &sources)
    }

    fn outcome(text: &str, fixes: &[&[(u32, u32, &str)]]) -> (String, Vec<usize>) {
        let fixed = fixed(text, fixes).pop();
        fixed.map_or((text.to_owned(), Vec::new()), |fixed| (fixed.text, fixed.findings))
    }

    #[test]
    fn edits_land_where_they_belong() {
        assert_eq!(outcome("ä: b, c", &[&[(4, 5, "x")], &[(7, 8, ""), (0, 2, "yy")]]), ("yy: x, ".into(), vec![0, 1]));
        assert_eq!(outcome("abc", &[&[(1, 1, "-")], &[(3, 3, "!")]]), ("a-bc!".into(), vec![0, 1]));
        assert_eq!(fixed("abc", &[]), []);
    }

    #[test]
    fn what_overlaps_waits_and_no_fix_goes_in_by_half() {
        assert_eq!(outcome("abcdef", &[&[(0, 3, "x")], &[(2, 4, "y")], &[(3, 4, "z")]]), ("xzef".into(), vec![0, 2]));
        assert_eq!(outcome("abcdef", &[&[(3, 4, "x")], &[(0, 1, "y"), (2, 6, "z")]]), ("abcxef".into(), vec![0]));
        assert_eq!(outcome("abcdef", &[&[(1, 1, "x")], &[(1, 1, "y")], &[(0, 6, "")]]), ("axbcdef".into(), vec![0]));
        assert_eq!(outcome("abc", &[&[(0, 1, "x"), (0, 1, "y")]]).1, Vec::<usize>::new());
    }

    #[test]
    fn what_is_no_place_is_left_alone() {
        assert_eq!(outcome("ä", &[&[(1, 2, "x")]]), ("ä".into(), vec![]));
        assert_eq!(outcome("a", &[&[(0, 9, "x")]]), ("a".into(), vec![]));
    }
}
