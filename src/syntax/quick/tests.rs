//! Whatever the quick reader accepts, the full parser reads alike and without a complaint: the same nodes with the same
//! spans, the same texts, the same documents.

use super::super::yaml;
use super::parse;
use crate::source::FileId;

/// Compares both readings; says whether the quick reader took the text.
fn compare(text: &str) -> bool {
    const DEPTH: u32 = 16;
    let Some(quick) = parse(text, DEPTH) else { return false };
    let (full, mistakes) = yaml::parse(FileId(0), text, DEPTH);
    assert!(mistakes.is_empty(), "accepted, and wrong: {text:?}: {:?}", mistakes.first().map(|d| &d.message));
    assert_eq!(quick.nodes, full.nodes, "{text:?}");
    assert_eq!(quick.folded, full.folded, "{text:?}");
    assert_eq!(quick.documents, full.documents, "{text:?}");
    true
}

/// A stream of numbers that is the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % bound
    }

    fn pick<'a>(&mut self, items: &[&'a str]) -> &'a str {
        items[self.below(items.len())]
    }
}

#[test]
fn what_policies_are_written_in_is_taken() {
    let taken = [
        "a: 1\n",
        "a: 1",
        "---\na: 1\n---\nb: 2\n",
        "# comment\n\na:\n  b:\n    - c\n    - d: e   # comment\n      f: 'g'\n  h: [i, \"j\", k:l]\nm:\n- n\n- o\np:\n",
        "a: { b: c, d: [e, { f: g }], }\r\nh: {}\r\n",
        "- a\n- b: c\n  d: e\n",
        "\u{feff}grüße: schön # ja\n",
        "grants:\n  - to: team:x\n    scope: site:hq\n    schedule: nights\n    from: 2026-01-01T00:00:00+01:00\n",
        "w: 22:00-06:00\nx: a#b\ny: a:b\nz: -\n".trim_end_matches("z: -\n"),
    ];
    for text in taken {
        assert!(compare(text), "declined: {text:?}");
    }
}

#[test]
fn what_is_unusual_is_declined() {
    let declined = [
        "",
        "\n",
        "# only a comment\n",
        "a\n",
        "a: b\n  c\n",
        "a: |\n  b\n",
        "a: &x b\n",
        "a: *x\n",
        "a: !x b\n",
        "? a\n",
        "a: 1\na: 2\n",
        "a: 'it''s'\n",
        "a: \"\\n\"\n",
        "a: [b,\n c]\n",
        "a: \tb\n",
        "a: b: c\n",
        "a: [b: c]\n",
        "a : b\n",
        "<<: {}\n",
        "a:\n- [b]\n",
        "- - a\n",
        "-\n",
        "a: {b}\n",
        "a: [b]]\n",
        "a: 1\n- b\n",
        "a:\n  b: 1\n c: 2\n",
        "a: 1\rb: 2\n",
        "---\n---\na: 1\n",
        "a: 1\n---\n",
        "--- a\n",
        "...\n",
        "%YAML 1.2\n",
        "a: \u{85}\n",
        "a:\n  b\n",
        "a: [[[[[[[[[[]]]]]]]]]]\n",
    ];
    for text in declined {
        assert!(parse(text, 8).is_none(), "accepted: {text:?}");
    }
}

#[test]
fn texts_put_together_at_random_are_read_alike() {
    const PIECES: &[&str] = &[
        "a", "b", "c d", "\"q\"", "'r'", ": ", ":", ":\n", "\n", "\n\n", "\n  ", "\n    ", "\n ", "- ", "-", "[", "]",
        "{", "}", ", ", ",", " #x", "#", " ", "  ", "ä", "1", "~", "null", "22:00", "---\n", "...", "\r\n", "&x ",
        "*x", "|", ">", "!t ", "<<", "? ", "%", "@", "`", "\\", "\t", "\u{2028}", "''", "\"\"", "\"", "'", "\u{feff}",
        "\n- ", "\n  - ", ": [", ": {", "}\n", "]\n", "a: b\n", "  a: b\n", "c:\n",
    ];
    let (mut numbers, mut taken) = (Numbers(7), 0);
    for _ in 0..60_000 {
        let count = 1 + numbers.below(14);
        let text: String = (0..count).map(|_| numbers.pick(PIECES)).collect();
        taken += usize::from(compare(&text));
    }
    assert!(taken > 500, "only {taken} were taken: too few to mean much");
}

/// Lines that hold together more often than pieces do.
#[test]
fn lines_put_together_at_random_are_read_alike() {
    const INDENTS: &[&str] = &["", "", "  ", "  ", "    ", "      ", " ", "   "];
    const HEADS: &[&str] = &["", "", "", "- ", "- ", "-  ", "-"];
    const KEYS: &[&str] = &["a", "b", "c", "d-1", "e f", "\"g\"", "'h'", "a:b", "x#y", "über"];
    const VALUES: &[&str] = &[
        "",
        "",
        " 1",
        " two words",
        " [a, b]",
        " { a: b, c: [d] }",
        " \"q: r\"",
        " 'it'",
        " # comment",
        " t # comment",
        " []",
        " {}",
        "  wide",
        " a:b",
        " a #",
        " [ a , ]",
        " {a: {b: c}}",
        " -1",
        " x,y",
        " [a]b",
        " a: b",
        " 'it''s'",
        " trailing ",
    ];
    const ENDS: &[&str] = &["\n", "\n", "\n", "\n\n", "\r\n", "\n# c\n", "\n    # c\n", "\n---\n", ""];
    let (mut numbers, mut taken) = (Numbers(11), 0);
    for _ in 0..40_000 {
        let mut text = String::new();
        for _ in 0..=numbers.below(6) {
            text.push_str(numbers.pick(INDENTS));
            text.push_str(numbers.pick(HEADS));
            if numbers.below(8) > 0 {
                text.push_str(numbers.pick(KEYS));
                text.push(':');
            }
            text.push_str(numbers.pick(VALUES));
            text.push_str(numbers.pick(ENDS));
        }
        taken += usize::from(compare(&text));
    }
    assert!(taken > 4_000, "only {taken} were taken: too few to mean much");
}

#[test]
fn policies_with_a_byte_changed_are_read_alike() {
    const POLICY: &str = include_str!("../../../examples/verkada/policy.yaml");
    const BYTES: &[&str] =
        &[":", "#", " ", "\n", "-", "[", "]", "{", "}", ",", "'", "\"", "\t", "&", "*", "|", "x", "ä", "\r"];
    let (mut numbers, mut taken) = (Numbers(13), usize::from(compare(POLICY)));
    let ends: Vec<usize> = POLICY.char_indices().map(|(at, _)| at).collect();
    for _ in 0..2_000 {
        let at = ends[numbers.below(ends.len())];
        let (before, after) = POLICY.split_at(at);
        let rest = if numbers.below(2) == 0 { after } else { after.get(1..).unwrap_or_default() };
        taken += usize::from(compare(&format!("{before}{}{rest}", numbers.pick(BYTES))));
    }
    assert!(taken > 200, "only {taken} were taken: too few to mean much");
}
