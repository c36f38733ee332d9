//! What a finding is about, as a short number by which a later run, a platform or a baseline knows it again: its code,
//! what its place is (not where it is), and the names in its message. Lines, layout, the words of a message and its
//! details do not count. Of several that are about the same, each has its number in the order of the report.

use std::collections::HashMap;
use std::fmt;

use sha2::{Digest, Sha256};

use super::Diagnostic;
use crate::source::Sources;

/// What a finding is about, and the how-manieth about it this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint {
    /// What it is about.
    pub about: u128,
    /// The number among those about the same, from 1.
    pub occurrence: u32,
}

/// `0123…ef`, and `0123…ef-2` for the second about the same.
impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.occurrence {
            1 => write!(f, "{:032x}", self.about),
            number => write!(f, "{:032x}-{number}", self.about),
        }
    }
}

/// The fingerprints of a whole report, in its order.
#[must_use]
pub fn fingerprints(diagnostics: &[Diagnostic], sources: &Sources) -> Vec<Fingerprint> {
    let mut seen: HashMap<u128, u32> = HashMap::new();
    let fingerprint = |diagnostic| {
        let about = about(diagnostic, sources);
        let occurrence = seen.entry(about).or_default();
        *occurrence += 1;
        Fingerprint { about, occurrence: *occurrence }
    };
    diagnostics.iter().map(fingerprint).collect()
}

/// What a finding is about.
fn about(diagnostic: &Diagnostic, sources: &Sources) -> u128 {
    let mut hash = Sha256::new();
    let mut part = |text: &[u8]| {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text);
    };
    part(diagnostic.rule.code.as_bytes());
    match diagnostic.about {
        Some(place) => part(&place.to_be_bytes()),
        // a place in no declaration is known by its file and its text
        None => {
            part(sources.file(diagnostic.span.file).path.as_bytes());
            part(sources.slice(diagnostic.span).trim().as_bytes());
        }
    }
    let about = diagnostic.about_until.and_then(|end| diagnostic.message.get(..end));
    about.unwrap_or(&diagnostic.message).split('`').skip(1).step_by(2).for_each(|name| part(name.as_bytes()));
    hash.finalize().iter().take(16).fold(0, |sum, byte| sum << 8 | u128::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Rule;
    use crate::source::{FileId, SourceFile, Span};

    static RULE: Rule = Rule::error("CG0301", "");

    #[test]
    fn names_and_places_count_and_words_do_not() {
        let mut sources = Sources::default();
        sources.add(SourceFile::new("a.yaml".into(), "x: y".into()));
        let finding = |about, message: &str| {
            let mut finding = Diagnostic::new(&RULE, Span::new(FileId(0), 0, 1), message);
            finding.about = about;
            finding
        };
        let findings = [
            finding(Some(1), "no team `a` is declared"),
            finding(Some(1), "there is no team called `a`"),
            finding(Some(1), "no team `b` is declared"),
            finding(Some(2), "no team `a` is declared"),
            finding(None, "no team `a` is declared"),
            finding(Some(1), "no team `a` is declared").detail(": within `nights`"),
        ];
        let found = fingerprints(&findings, &sources);
        assert_eq!((found[0].about, found[0].occurrence, found[1].occurrence), (found[1].about, 1, 2));
        assert_eq!(found[1].to_string(), format!("{}-2", found[0]));
        assert_eq!((found[5].about, found[5].occurrence), (found[0].about, 3));
        let others: std::collections::BTreeSet<u128> = found.iter().map(|f| f.about).collect();
        assert_eq!(others.len(), 4);
    }
}
