//! Searching in ascending lists: what stands in a short and in a long one is found without walking the long one.

/// Those that stand in both lists, which are ascending.
pub(super) fn in_both<'l, T: Copy + Ord>(a: &'l [T], b: &'l [T]) -> impl Iterator<Item = T> + use<'l, T> {
    let (few, mut left) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let searches = is_worth_searching(few, left);
    few.iter().copied().filter(move |one| {
        let at = if searches {
            left.partition_point(|other| other < one)
        } else {
            left.iter().position(|other| other >= one).unwrap_or(left.len())
        };
        left = left.get(at..).unwrap_or_default();
        left.first() == Some(one)
    })
}

/// Whether few things are found faster in an ascending list than by walking the list.
pub(super) fn is_worth_searching<T, U>(few: &[T], list: &[U]) -> bool {
    few.len().saturating_mul(list.len().checked_ilog2().map_or(1, |log| log as usize + 1)) < list.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_both_is_found_by_walking_and_by_searching() {
        let long: Vec<u32> = (0..1000).filter(|n| n % 3 == 0).collect();
        for step in [1, 2, 250, 999, 5000] {
            let short: Vec<u32> = (0..1200).step_by(step).collect();
            let expected: Vec<u32> = long.iter().copied().filter(|n| short.contains(n)).collect();
            assert_eq!(in_both(&short, &long).collect::<Vec<_>>(), expected);
            assert_eq!(in_both(&long, &short).collect::<Vec<_>>(), expected);
        }
        assert_eq!(in_both(&[], &long).count() + in_both(&long, &[]).count(), 0);
    }
}
