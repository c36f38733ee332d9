//! A small generator of numbers (splitmix64), so that a seed means the same policy for ever.

/// A seeded generator. It can be told its first choices, so that a fuzzer steers it.
#[derive(Debug, Clone)]
pub struct Rng {
    state: u64,
    /// The choices that are left, the next one last.
    told: Vec<u8>,
}

impl Rng {
    /// From a seed; neighbouring seeds have nothing in common.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { state: seed.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ 0x6a09_e667_f3bc_c909, told: Vec::new() }
    }

    /// One choice for each byte, and then on from a seed that all bytes make: where one byte changes, so does one choice
    /// (and what follows from it).
    #[must_use]
    pub fn told(bytes: &[u8]) -> Self {
        let seed = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        Self { told: bytes.iter().rev().copied().collect(), ..Self::new(seed) }
    }

    /// The next 64 bits; of those that are told, eight and zeros.
    pub fn bits(&mut self) -> u64 {
        if let Some(byte) = self.told.pop() {
            return u64::from(byte);
        }
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.state;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// A number below `limit`; 0 where there is none.
    pub fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit.max(1)).unwrap_or(u64::MAX);
        usize::try_from(self.bits() % limit).unwrap_or(0)
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// True this often of a hundred times.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of the items. The slice must not be empty.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// Some of the items, up to `most`, none of them twice; at least one where there is one.
    pub fn some<T: Clone>(&mut self, items: &[T], most: usize) -> Vec<T> {
        let mut all = items.to_vec();
        self.shuffle(&mut all);
        let count = self.between(1, most.max(1));
        all.truncate(count);
        all
    }

    /// Another order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.below(last + 1);
            items.swap(last, other);
        }
    }
}
