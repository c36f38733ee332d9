//! `similar-id`: two ids of one section within one edit of each other, in one list.

use std::collections::BTreeSet;

use crate::diagnostics::{Diagnostic, Level, Rule};
use crate::lint::lists::{Name, Section, lists};
use crate::lint::{Basis, Declarations, Findings, Lint};
use crate::model::{At, Org};
use crate::source::Span;

pub(in crate::lint) static LINT: Lint = Lint {
    rule: Rule::lint("CG1034", "similar-id", Level::Warn, include_str!("similar_id.md")),
    basis: Basis::Declarations(look),
};

/// Of a word with fewer letters nobody can say that one of them is mistyped: `hq` and `hr`, `cam` and `can`.
const SHORTEST_WORD: usize = 4;

/// How many letters of ids are looked at, in all or in one list: what is hostile may have any number.
const MOST_LETTERS: usize = 1 << 24;

fn look(policy: &Declarations<'_>, findings: &mut Findings) {
    let org = policy.org;
    let lists: Vec<Vec<At<Name>>> = lists(org).into_iter().filter(|list| list.len() > 1).collect();
    let suspects = suspects(org, &lists);
    let mut told: BTreeSet<(Name, Name)> = BTreeSet::new();
    // the same list may be met again through an alias
    let mut items: BTreeSet<Span> = BTreeSet::new();
    for list in &lists {
        if letters(org, list.iter().map(|(name, _)| name)) > MOST_LETTERS {
            continue;
        }
        let mut keyed: Vec<(Section, u64, Name, Span)> = Vec::new();
        for (name, at) in list.iter().filter(|(name, _)| suspects.binary_search(name).is_ok()) {
            keyed.extend(keys(name.id(org)).map(|key| (name.section, key, *name, *at)));
        }
        keyed.sort_unstable();
        let pairs = keyed.iter().zip(keyed.iter().skip(1));
        for (one, other) in pairs.filter(|(one, other)| (one.0, one.1) == (other.0, other.1)) {
            let (first, second) = if one.3 < other.3 { (one, other) } else { (other, one) };
            let pair = if first.2 < second.2 { (first.2, second.2) } else { (second.2, first.2) };
            // one finding for an item is enough, however many ids it is like
            let is_new = !told.contains(&pair) && !items.contains(&second.3);
            if is_new && are_similar(first.2.id(org), second.2.id(org)) {
                told.insert(pair);
                items.insert(second.3);
                findings.push(tell(org, (first.2, first.3), (second.2, second.3)));
            }
        }
    }
}

fn tell(org: &Org, first: At<Name>, second: At<Name>) -> Diagnostic {
    let (word, one, other) = (first.0.section.word(), first.0.id(org), second.0.id(org));
    let found = format!("the {word}s `{one}` and `{other}` are easily taken for each other, and stand in one list");
    Diagnostic::new(&LINT.rule, second.1, found).label("one of them").other(first.1, "one of them").help(
        "if one of them is mistyped, remove its declaration; if both are meant, rename one or say so in a comment",
    )
}

/// The names that have a near one in their section, among those that stand in lists; ascending. There are few.
fn suspects(org: &Org, lists: &[Vec<At<Name>>]) -> Vec<Name> {
    let mut names: Vec<Name> = lists.iter().flatten().map(|(name, _)| *name).collect();
    names.sort_unstable();
    names.dedup();
    if letters(org, names.iter()) > MOST_LETTERS {
        return Vec::new();
    }
    let mut keyed: Vec<(Section, u64, Name)> =
        names.into_iter().flat_map(|name| keys(name.id(org)).map(move |key| (name.section, key, name))).collect();
    keyed.sort_unstable();
    let shared = keyed.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)).filter(|group| group.len() > 1);
    let mut suspects: Vec<Name> = shared.flatten().map(|(_, _, name)| *name).collect();
    suspects.sort_unstable();
    suspects.dedup();
    suspects
}

fn letters<'n>(org: &Org, names: impl Iterator<Item = &'n Name>) -> usize {
    names.map(|name| name.id(org).len()).sum()
}

/// An id, and the id without each of its signs that are no digits, as hashes: ids within one edit of each other share
/// one of them. (Digits stay, so that the ids of a numbered series share none.)
fn keys(id: &str) -> impl Iterator<Item = u64> {
    const BASE: u64 = 0x9e37_79b9_7f4a_7c15;
    let bytes = id.as_bytes();
    let add = |hash: u64, byte: u8| hash.wrapping_mul(BASE).wrapping_add(u64::from(byte) + 1);
    // what stands behind each place, as a number to be added to what stands before it
    let mut behind = vec![(0u64, 1u64)];
    for byte in bytes.iter().rev() {
        let (sum, weight) = behind.last().copied().unwrap_or((0, 1));
        behind.push((sum.wrapping_add((u64::from(*byte) + 1).wrapping_mul(weight)), weight.wrapping_mul(BASE)));
    }
    let whole = bytes.iter().fold(0, |hash, byte| add(hash, *byte));
    let mut keys = vec![whole];
    let mut before = 0u64;
    for (byte, (sum, weight)) in bytes.iter().zip(behind.iter().rev().skip(1)) {
        if !byte.is_ascii_digit() {
            keys.push(before.wrapping_mul(*weight).wrapping_add(*sum));
        }
        before = add(before, *byte);
    }
    keys.sort_unstable();
    keys.dedup();
    keys.into_iter()
}

/// Whether one edit leads from one id to the other (a letter more, less or other, or two that change places), and it lies
/// in a word of some length: what differs in a number, or in a letter of its own (`wing-a`, `wing-b`), is a series.
fn are_similar(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    let at = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    if !is_one_edit(short, long, at) {
        return false;
    }
    let is_letter = |text: &[u8]| text.get(at).is_none_or(|byte| !byte.is_ascii_digit());
    let letters = is_letter(long) && (short.len() < long.len() || is_letter(short));
    letters && word_at(long, at) >= SHORTEST_WORD
}

/// Whether one edit at the first place where they differ leads from one text to the other.
fn is_one_edit(short: &[u8], long: &[u8], at: usize) -> bool {
    let (short, long) = (short.get(at..).unwrap_or_default(), long.get(at..).unwrap_or_default());
    match (short, long) {
        (_, [_, rest @ ..]) if short.len() < long.len() => short == rest,
        ([_, rest @ ..], [_, other @ ..]) if rest == other => true,
        ([a, b, rest @ ..], [c, d, other @ ..]) => a == d && b == c && rest == other,
        _ => false,
    }
}

/// How many letters the word has that stands at a place, or ends before it.
fn word_at(text: &[u8], at: usize) -> usize {
    let (before, behind) = text.split_at(at.min(text.len()));
    let letters = |byte: &&u8| byte.is_ascii_alphabetic();
    before.iter().rev().take_while(letters).count() + behind.iter().take_while(letters).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever one edit makes of a word, with the signs of the test below.
    fn edited(word: &str) -> BTreeSet<String> {
        let signs: Vec<char> = word.chars().collect();
        let mut all = BTreeSet::new();
        let mut add = |before: &[char], new: &[char], behind: &[char]| {
            all.insert(before.iter().chain(new).chain(behind).collect::<String>());
        };
        for at in 0..=signs.len() {
            let (before, behind) = signs.split_at(at);
            for new in ['a', 'b', '-', '1'] {
                add(before, &[new], behind);
                add(before, &[new], behind.get(1..).unwrap_or_default());
            }
            add(before, &[], behind.get(1..).unwrap_or_default());
            if let [a, b, rest @ ..] = behind {
                add(before, &[*b, *a], rest);
            }
        }
        all
    }

    fn share_a_key(one: &str, other: &str) -> bool {
        let ours: Vec<u64> = keys(one).collect();
        keys(other).any(|key| ours.contains(&key))
    }

    #[test]
    fn one_edit_is_similar() {
        for (one, other) in [
            ("gate-north", "gate-norht"),
            ("gate-north", "gate-nort"),
            ("gate-north", "gate-norths"),
            ("gate-north", "gate-nerth"),
            ("nina@acme.example", "nnia@acme.example"),
            ("nina@acme.example", "nina@acne.example"),
            ("hall1", "hall-1"),
            ("ana.maria", "anna.maria"),
        ] {
            assert!(are_similar(one, other) && are_similar(other, one), "{one} {other}");
            assert!(share_a_key(one, other), "{one} {other}");
        }
    }

    #[test]
    fn series_short_words_and_other_words_are_not() {
        for (one, other) in [
            ("cam-1", "cam-2"),
            ("cam-1", "cam-11"),
            ("cam-12", "cam-21"),
            ("wing-a", "wing-b"),
            ("floor2-n", "floor2-s"),
            ("hq", "hr"),
            ("cam", "can"),
            ("north", "south"),
            ("gate", "gate"),
            ("gate-north", "gate-northern"),
        ] {
            assert!(!are_similar(one, other), "{one} {other}");
        }
    }

    /// Against the plain way, on all short words of three letters and a digit.
    #[test]
    fn whatever_is_one_edit_away_shares_a_key() {
        let mut words = vec![String::new()];
        for length in 0..4 {
            let longer: Vec<String> = words.iter().filter(|w| w.len() == length).cloned().collect();
            words.extend(longer.iter().flat_map(|word| ["a", "b", "-", "1"].map(|sign| format!("{word}{sign}"))));
        }
        let without_digits = |word: &str| word.chars().filter(char::is_ascii_digit).collect::<String>();
        for one in &words {
            for other in &words {
                let one_edit = one != other && edited(one).contains(other);
                let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
                let at = short.bytes().zip(long.bytes()).take_while(|(a, b)| a == b).count();
                assert_eq!(is_one_edit(short.as_bytes(), long.as_bytes(), at), one_edit, "{one} {other}");
                let near = one_edit && without_digits(one) == without_digits(other);
                // two signs that change places share a key where one of them is a letter
                assert!(!near || share_a_key(one, other), "{one} {other}");
            }
        }
    }
}
