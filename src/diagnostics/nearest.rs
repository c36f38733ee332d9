//! "Did you mean": the nearest known name to a mistyped one.

/// The candidate nearest to `name`, where one is near enough to be meant. Of equally near ones the first in
/// alphabetical order.
#[must_use]
pub fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let length = name.chars().count();
    // a third of the letters may be wrong, and at least one
    let reach = (length / 3).max(1);
    candidates
        .into_iter()
        .filter(|candidate| *candidate != name && candidate.chars().count().abs_diff(length) <= reach)
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= reach)
        .min()
        .map(|(_, candidate)| candidate)
}

/// The help line for a mistyped name, where there is a near one.
#[must_use]
pub fn did_you_mean<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<String> {
    nearest(name, candidates).map(|near| format!("did you mean `{near}`?"))
}

/// Edits between two names, transpositions counted as one, letter case as nothing until names are equal.
fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.to_ascii_lowercase(), b.to_ascii_lowercase());
    strsim::osa_distance(&a, &b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swapped_pair_of_letters_is_one_edit_and_far_names_are_not_meant() {
        assert_eq!(nearest("gaurds", ["guards", "nurses"]), Some("guards"));
        assert_eq!(nearest("NVR-1", ["nvr-1"]), Some("nvr-1"));
        assert_eq!(nearest("lobby", ["vault"]), None);
        assert_eq!(nearest("ab", ["ac", "ad"]), Some("ac"));
    }
}
