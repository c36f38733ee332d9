//! Words that findings have in common.

/// A few names, and how many more.
#[must_use]
pub fn listed<'n>(names: impl ExactSizeIterator<Item = &'n str>, word: &str) -> String {
    const SHOWN: usize = 3;
    let more = names.len().saturating_sub(SHOWN);
    let mut text = names.take(SHOWN).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    match more {
        0 => {}
        1 => text.push_str(&format!(" and 1 more {word}")),
        more => text.push_str(&format!(" and {more} more {word}s")),
    }
    text
}
