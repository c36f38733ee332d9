//! "Did you mean": the nearest known name to a mistyped one.

/// The candidate nearest to `name`, where one is near enough to be meant. Of equally near ones the first in
/// alphabetical order.
#[must_use]
pub fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let lower = name.to_ascii_lowercase();
    let (length, letters) = (lower.chars().count(), letters(&lower));
    // a quarter of the letters may be wrong, and at least one
    let reach = (length / 4).max(1);
    // an edit changes two letters at most: most candidates are told apart without looking at their order
    let may_be_near = |candidate: &str| {
        candidate.len().abs_diff(name.len()) <= reach * 4
            && (self::letters(candidate) ^ letters).count_ones() as usize <= reach * 2
            && candidate.chars().count().abs_diff(length) <= reach
    };
    candidates
        .into_iter()
        .filter(|candidate| *candidate != name && may_be_near(candidate))
        .map(|candidate| (strsim::osa_distance(&lower, &candidate.to_ascii_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= reach)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Whether `near` is `name` in other letter case: certainly meant, where no two names differ in case alone. (What YAML
/// reads as nothing or as a truth value would need quotes, and is left to whoever writes it.)
#[must_use]
pub fn is_certain(near: &str, name: &str) -> bool {
    near.eq_ignore_ascii_case(name) && !["null", "true", "false"].contains(&near.to_ascii_lowercase().as_str())
}

/// The help line for a mistyped name, where there is a near one.
#[must_use]
pub fn did_you_mean<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<String> {
    nearest(name, candidates).map(|near| format!("did you mean `{near}`?"))
}

/// Which signs a text has, letter case aside, a bit for each of 64.
fn letters(text: &str) -> u64 {
    text.bytes().fold(0, |letters, byte| letters | 1 << (byte.to_ascii_lowercase() & 63))
}

/// A text for a message: not longer than a line can bear.
#[must_use]
pub fn shortened(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swapped_pair_of_letters_is_one_edit_and_far_names_are_not_meant() {
        assert_eq!(nearest("gaurds", ["guards", "nurses"]), Some("guards"));
        assert_eq!(nearest("NVR-1", ["nvr-1"]), Some("nvr-1"));
        assert_eq!(nearest("lobby", ["vault"]), None);
        assert_eq!(nearest("live.none", ["live.zoom", "live.view"]), None);
        assert_eq!(nearest("live.veiw", ["live.zoom", "live.view"]), Some("live.view"));
        assert_eq!(nearest("ab", ["ac", "ad"]), Some("ac"));
    }
}
