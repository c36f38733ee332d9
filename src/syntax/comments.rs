//! Comments that speak to this compiler: `# camgrant: allow(redundant-grant) reason`, on the line before an item.
//!
//! In: a file's text and its tree, which says where a `#` is text. Out: what each comment names and of which item it
//! speaks. Whether such a lint exists, and whether there was anything to quiet, is judged where lints are.

use std::ops::Range;

use super::outline::Outline;
use super::rules;
use super::tree::Tree;
use crate::diagnostics::Diagnostic;
use crate::source::{FileId, Span};

/// A comment that quiets lints for one item.
#[derive(Clone, Debug)]
pub struct AllowComment<'t> {
    /// Its whole line.
    pub line: Span,
    /// The lints that it names.
    pub names: Vec<(&'t str, Span)>,
    /// The bytes of the item that begins on the next line that is no comment; none where none begins there.
    pub item: Option<Range<u32>>,
}

/// By what a comment speaks to this compiler.
const ADDRESS: &str = "camgrant:";

/// The comments of a file that quiet lints, in order. Where a syntax error hides a part of the file, there are none:
/// what is text and what is comment cannot be told there.
#[must_use]
pub fn comments<'t>(tree: &'t Tree<'t>, file: FileId) -> (Vec<AllowComment<'t>>, Vec<Diagnostic>) {
    let (mut comments, mut diagnostics) = (Vec::new(), Vec::new());
    let text = tree.text();
    let mut addressed = text.match_indices(ADDRESS).peekable();
    if addressed.peek().is_none() || tree.documents().iter().any(|document| document.cut) {
        return (comments, diagnostics);
    }
    let outline = Outline::new(tree);
    // what has been looked at: a comment ends its line, and several in a row speak of one item
    let mut looked = 0;
    let mut next_line: Range<usize> = 0..0;
    for (at, _) in addressed {
        let Some(start) = sign(text, at).filter(|start| at >= looked && !outline.is_text(*start as u32)) else {
            continue;
        };
        let comment = Comment::at(text, start, at);
        looked = comment.end;
        if comment.quoted {
            continue;
        }
        let span = Span::new(file, start as u32, comment.end as u32);
        match comment.read(text, file) {
            Ok(names) => {
                if next_line.start < comment.end {
                    next_line = comment.next_line(text);
                }
                let item = outline.begins_between(next_line.start as u32, next_line.end as u32);
                let line = Span::new(file, comment.line as u32, (comment.end + comment.newline) as u32);
                comments.push(AllowComment { line, names, item });
            }
            Err((found, help)) => diagnostics.push(Diagnostic::new(&rules::COMMENT, span, found).help(help)),
        }
    }
    (comments, diagnostics)
}

/// Where a comment stands in its text.
struct Comment {
    /// The start of its line.
    line: usize,
    /// Behind `camgrant:`.
    said: usize,
    /// The end of its text.
    end: usize,
    /// How many more bytes its line has.
    newline: usize,
    /// Whether it has its line for itself.
    alone: bool,
    /// Whether it stands inside another comment.
    quoted: bool,
}

/// The `#` before an address, where it begins a comment or stands in one.
fn sign(text: &str, address: usize) -> Option<usize> {
    let before = text.get(..address)?.trim_end_matches([' ', '\t']).strip_suffix('#')?;
    (before.is_empty() || before.ends_with([' ', '\t', '\n'])).then_some(before.len())
}

impl Comment {
    /// The comment with this sign and address.
    fn at(text: &str, start: usize, address: usize) -> Comment {
        let (above, rest) = text.split_at(start);
        let before = above.rsplit('\n').next().unwrap_or("");
        let whole = rest.split_inclusive('\n').next().unwrap_or("");
        let end = start + whole.trim_end().len();
        Comment {
            line: start - before.len(),
            said: address + ADDRESS.len(),
            end,
            newline: start + whole.len() - end,
            alone: before.trim().is_empty(),
            quoted: before.trim_start().starts_with('#'),
        }
    }

    /// The names that it quiets, or what is wrong with it and what to write.
    fn read<'t>(&self, text: &'t str, file: FileId) -> Result<Vec<(&'t str, Span)>, (String, String)> {
        let form = "write `# camgrant: allow(redundant-grant) reason` on the line before the item";
        let said = text.get(self.said..self.end).unwrap_or("");
        let wrong = |found: &str| Err((found.to_owned(), form.to_owned()));
        if !self.alone {
            return wrong("this comment stands behind something, and speaks of nothing there");
        }
        let listed = said.trim_start().strip_prefix("allow").map(str::trim_start);
        let Some(listed) = listed.and_then(|rest| rest.strip_prefix('(')) else {
            return wrong("this comment speaks to camgrant, and does not say `allow(…)`");
        };
        let Some((listed, reason)) = listed.split_once(')') else {
            return wrong("the bracket behind `allow` is not closed");
        };
        let mut names = Vec::new();
        let mut at = self.end - reason.len() - 1 - listed.len();
        for name in listed.split(',') {
            let trimmed = name.trim();
            let start = (at + name.len() - name.trim_start().len()) as u32;
            if trimmed.is_empty() {
                return wrong("between the brackets of `allow(…)` a name is missing");
            }
            names.push((trimmed, Span::new(file, start, start + trimmed.len() as u32)));
            at += name.len() + 1;
        }
        if !reason.chars().any(char::is_alphanumeric) {
            let help = format!("say why behind the bracket: `# camgrant: allow({}) …`", listed.trim());
            return Err(("this comment quiets a lint and does not say why".to_owned(), help));
        }
        Ok(names)
    }

    /// The next line that is no comment, or the end of the text.
    fn next_line(&self, text: &str) -> Range<usize> {
        let mut at = self.end;
        while let Some(newline) = text.get(at..).and_then(|rest| rest.find('\n')) {
            at += newline + 1;
            let line = text.get(at..).and_then(|rest| rest.lines().next()).unwrap_or("");
            if !line.trim_start().starts_with('#') {
                return at..at + line.len();
            }
        }
        text.len()..text.len()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::syntax::parse;

    /// What each comment names, and the text of the item of which it speaks; or what is wrong with it.
    fn read(text: &str) -> Vec<String> {
        let (tree, mistakes) = parse(FileId(0), text, 64);
        assert!(mistakes.is_empty(), "{mistakes:?}");
        let (comments, wrong) = comments(&tree, FileId(0));
        let slice = |range: Range<u32>| text.get(range.start as usize..range.end as usize).unwrap();
        let told = comments.into_iter().map(|comment| {
            let names: Vec<&str> = comment.names.iter().map(|(name, _)| *name).collect();
            for (name, span) in &comment.names {
                assert_eq!(slice(span.start..span.end), *name);
            }
            format!("{} | {}", names.join(" "), comment.item.map_or("nothing", slice))
        });
        told.chain(wrong.into_iter().map(|wrong| wrong.message)).collect()
    }

    #[test]
    fn a_comment_speaks_of_the_item_behind_it() {
        let allow = "# camgrant: allow(x) why";
        let case = |text: &str, item: &str| {
            assert_eq!(read(&text.replace('@', allow)), [format!("x | {item}")], "{text}");
        };
        case("a:\n  @\n  - to: b\n    in: c\n  - d\n", "to: b\n    in: c");
        case("a:\n  - d\n  @\n  - to: b\n    in: c\n", "to: b\n    in: c");
        case("a:\n  @\n  - { b: c }\n  - d\n", "{ b: c }");
        case("a:\n  - b: c\n    @\n    d: e\n", "d: e");
        case("a:\n  @\n  b: { c: d }\n  e:\n", "b: { c: d }");
        case("a:\n  e:\n  @\n  b:\n    c: [d,\n e]\n", "b:\n    c: [d,\n e]");
        case("@\na:\n  b: c\nd:\n", "a:\n  b: c");
        case("a: [\n  @\n  b, c ]\n", "b");
        case("a:\n  @\n  b\n", "b");
        case("a:\r\n  @\r\n  # more\r\n  - b\r\n  - c\r\n", "b");
        case("a: b\n---\n@\nc: d\n", "c: d");
        case("a:\n  @\n  - - b\n    - c\n  - d\n", "- b\n    - c");
        case("a:\n  - b\n  @\n", "nothing");
        case("a:\n  - b\n  @\n\n  - c\n", "nothing");
        case("a:\n  - b\n@", "nothing");
    }

    #[test]
    fn several_names_and_several_comments() {
        assert_eq!(read("# camgrant: allow(a, b ,c) w\n#camgrant:allow (d): w\nk: v\n"), ["a b c | k: v", "d | k: v"]);
    }

    #[test]
    fn what_is_text_is_no_comment() {
        let none: [String; 0] = [];
        let line = "# camgrant: nonsense";
        for text in [
            format!("a: \"{line}\"\n"),
            format!("a: '\n {line}\n '\n"),
            format!("a: |\n  x\n  {line}\n  y\nb: c\n"),
            format!("a: |\n  {line}\n"),
            format!("a: >-\n  x\n\n  {line}\n\n\nb: c\n"),
            "a: x#camgrant:nonsense\n".to_owned(),
            format!("# as in `{line}`\na: b\n"),
        ] {
            assert_eq!(read(&text), none, "{text}");
        }
        assert_eq!(read(&format!("a: |\n  x\n{line}\nb: c\n")).len(), 1);
        assert_eq!(read(&format!("b:\n  a: |\n    x\n  {line}\n  c: d\n")).len(), 1);
    }

    #[test]
    fn what_is_not_understood_is_said() {
        let found = |comment: &str| read(&format!("{comment}\na: b\n")).join("; ");
        assert!(found("# camgrant: allow(x)").contains("does not say why"));
        assert!(found("# camgrant: allow(x) -- .").contains("does not say why"));
        assert!(found("# camgrant: alow(x) y").contains("does not say `allow"));
        assert!(found("# camgrant: allow x y").contains("does not say `allow"));
        assert!(found("# camgrant: allow(x y").contains("not closed"));
        assert!(found("# camgrant: allow(x,) y").contains("missing"));
        assert!(found("c: d # camgrant: allow(x) y").contains("stands behind something"));
    }

    #[test]
    fn many_in_one_place_take_no_time() {
        let many = "# camgrant: allow(x) y\n".repeat(50_000) + "a: b\n";
        assert_eq!(read(&many).len(), 50_000);
        let many = format!("a: b {}\n", "# camgrant: ".repeat(200_000));
        assert_eq!(read(&many).len(), 1);
        let many = format!("a: \"{}\"\n", "# camgrant: ".repeat(200_000));
        assert_eq!(read(&many).len(), 0);
    }
}
