//! Comments that quiet lints belong to the declarations of which they speak: so they move with them, and a declaration
//! that comes under a comment is another one.

use std::collections::BTreeMap;

use super::{Declaration, Declared, LooseComment};
use crate::source::FileId;
use crate::syntax::AllowComment;

/// Gives the comments of a file to its declarations; those that speak of none stay by themselves.
pub(super) fn attach(
    comments: &[AllowComment<'_>],
    file: FileId,
    text: &str,
    org: Option<Box<str>>,
    declared: &mut Declared,
) {
    if comments.is_empty() {
        return;
    }
    let Declared { orgs, comments: alone, .. } = declared;
    let mut here: Vec<&mut Declaration> =
        orgs.values_mut().flatten().filter(|declaration| declaration.span.file == file).collect();
    here.sort_by_key(|declaration| declaration.span.start);
    for comment in comments {
        let words = text.get(comment.line.start as usize..comment.line.end as usize).unwrap_or_default().trim();
        let loose = || LooseComment { org: org.clone(), words: words.to_owned(), span: comment.line };
        let Some(item) = &comment.item else {
            alone.push(loose());
            continue;
        };
        // those that begin in the item, or else the innermost around it
        let from = here.partition_point(|declaration| declaration.span.start < item.start);
        let until = here.partition_point(|declaration| declaration.span.start < item.end);
        let around = here.iter().take(from).rposition(|declaration| item.start < declaration.end);
        let spoken_of = if from < until { from..until } else { around.map_or(0..0, |one| one..one + 1) };
        if spoken_of.is_empty() {
            alone.push(loose());
        }
        for declaration in here.get_mut(spoken_of).into_iter().flatten() {
            let stated = declaration
                .fields
                .iter()
                .find(|(_, stated)| stated.span.start >= item.start && stated.span.start < item.end);
            let inside = declaration.span.start < item.start;
            let field = stated.filter(|_| inside).map_or("", |(field, _)| field);
            let words = format!("{field} {words}").trim_start().into();
            declaration.comments.push(words);
        }
    }
    here.into_iter().for_each(|declaration| declaration.comments.sort_unstable());
}

/// Comments that one of two policies alone has, by organisation and words, as often as they stand there.
pub(super) fn alone<'d>(these: &'d Declared, others: &'d Declared) -> Vec<&'d LooseComment> {
    let mut left: BTreeMap<(&Option<Box<str>>, &String), usize> = BTreeMap::new();
    for LooseComment { org, words, .. } in &others.comments {
        *left.entry((org, words)).or_default() += 1;
    }
    let mut alone = Vec::new();
    for comment in &these.comments {
        match left.get_mut(&(&comment.org, &comment.words)) {
            Some(count) if *count > 0 => *count -= 1,
            _ => alone.push(comment),
        }
    }
    alone
}
