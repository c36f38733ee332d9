//! Chance that can be repeated: splitmix64 (Steele, Lea and Flood, 2014), and the few draws that the shapes need.
//! In: a seed. Out: the same numbers for ever.

use std::ops::Range;

/// A stream of numbers.
pub(crate) struct Rng(u64);

impl Rng {
    /// The stream of one purpose in one region, independent of all others: what is drawn for the one moves nothing in
    /// another.
    pub(crate) fn stream(seed: u64, purpose: &str, region: usize) -> Rng {
        let mut mixed = Rng(seed);
        for part in purpose.bytes().map(u64::from).chain([region as u64]) {
            mixed.0 ^= part;
            mixed.0 = mixed.next();
        }
        mixed
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`; 0 where `bound` is 0.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.next()) * bound as u128) >> 64) as usize
    }

    /// A number of the range, which must not be empty.
    pub(crate) fn within(&mut self, range: &Range<usize>) -> usize {
        range.start + self.below(range.len())
    }

    /// True in so many of a thousand cases.
    pub(crate) fn chance(&mut self, per_mille: usize) -> bool {
        self.below(1000) < per_mille
    }

    /// One of a list that is not empty.
    pub(crate) fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }

    /// `count` of the list (all, where it is shorter), without repeats, in the order drawn.
    pub(crate) fn sample<T>(&mut self, mut list: Vec<T>, count: usize) -> Vec<T> {
        let count = count.min(list.len());
        for drawn in 0..count {
            let other = self.within(&(drawn..list.len()));
            list.swap(drawn, other);
        }
        list.truncate(count);
        list
    }
}

/// The part `index` of `total` things dealt out to `parts` as evenly as can be.
pub(crate) fn share(total: usize, parts: usize, index: usize) -> Range<usize> {
    total * index / parts..total * (index + 1) / parts
}
