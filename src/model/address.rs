//! Sets of addresses: what a list of CIDR blocks comes to, with the algebra that conditions need.
//!
//! IPv4 and IPv6 are apart. An IPv6 block inside `::ffff:0:0/96` is the IPv4 block in it; a wider one matches no IPv4
//! address (`language: networks`), so the mapped range inside a wider block is no address at all.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use ipnet::IpNet;

/// The range `::ffff:0:0/96`.
const MAPPED: (u128, u128) = (0xffff_0000_0000, 0xffff_ffff_ffff);

/// A set of addresses, as ascending ranges (both ends included) that neither meet nor touch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AddressSet {
    // shared by all copies: a network with many blocks may stand in many grants
    v4: Arc<[(u128, u128)]>,
    v6: Arc<[(u128, u128)]>,
}

impl AddressSet {
    /// The addresses of these blocks.
    pub fn from_blocks(blocks: impl IntoIterator<Item = IpNet>) -> AddressSet {
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for block in blocks {
            match (block.network(), block.broadcast()) {
                (IpAddr::V4(first), IpAddr::V4(last)) => v4.push((first.to_bits().into(), last.to_bits().into())),
                (IpAddr::V6(first), IpAddr::V6(last)) => {
                    let (first, last) = (first.to_bits(), last.to_bits());
                    if MAPPED.0 <= first && last <= MAPPED.1 {
                        v4.push((first - MAPPED.0, last - MAPPED.0));
                    } else {
                        v6.push((first, last));
                    }
                }
                // a block's ends are of one family
                _ => {}
            }
        }
        AddressSet { v4: merged(v4), v6: merged(v6) }
    }

    /// One address.
    #[must_use]
    pub fn one(address: IpAddr) -> AddressSet {
        AddressSet::from_blocks([IpNet::from(address)])
    }

    /// Every address there is.
    #[must_use]
    pub fn everything() -> AddressSet {
        AddressSet { v4: [(0, u32::MAX.into())].into(), v6: [(0, u128::MAX)].into() }
    }

    /// The addresses in either.
    #[must_use]
    pub fn union(&self, other: &AddressSet) -> AddressSet {
        AddressSet::union_of([self, other])
    }

    /// The addresses in any of these.
    #[must_use]
    pub fn union_of<'s>(sets: impl IntoIterator<Item = &'s AddressSet>) -> AddressSet {
        let mut sets = sets.into_iter();
        let Some(first) = sets.next() else { return AddressSet::default() };
        let Some(second) = sets.next() else { return first.clone() };
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for set in [first, second].into_iter().chain(sets) {
            v4.extend_from_slice(&set.v4);
            v6.extend_from_slice(&set.v6);
        }
        AddressSet { v4: merged(v4), v6: merged(v6) }
    }

    /// The addresses in both.
    #[must_use]
    pub fn intersection(&self, other: &AddressSet) -> AddressSet {
        AddressSet { v4: intersected(&self.v4, &other.v4), v6: intersected(&self.v6, &other.v6) }
    }

    /// The addresses in this one alone.
    #[must_use]
    pub fn difference(&self, other: &AddressSet) -> AddressSet {
        AddressSet {
            v4: intersected(&self.v4, &complement(&other.v4, u32::MAX.into())),
            v6: intersected(&self.v6, &complement(&other.v6, u128::MAX)),
        }
    }

    /// Without what is no address: the mapped range inside wider IPv6 blocks.
    #[must_use]
    pub fn addresses(&self) -> AddressSet {
        AddressSet { v4: self.v4.clone(), v6: intersected(&self.v6, &complement(&[MAPPED], u128::MAX)) }
    }

    /// How many ranges these are: what working with them costs.
    #[must_use]
    pub fn ranges(&self) -> usize {
        self.v4.len() + self.v6.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.v4.is_empty() && self.v6.is_empty()
    }

    /// The first of these, IPv4 before IPv6.
    #[must_use]
    pub fn first(&self) -> Option<IpAddr> {
        // IPv4 ranges hold 32-bit numbers alone
        let v4 = self.v4.first().map(|(first, _)| IpAddr::V4(Ipv4Addr::from_bits(*first as u32)));
        v4.or_else(|| self.v6.first().map(|(first, _)| IpAddr::V6(Ipv6Addr::from_bits(*first))))
    }

    /// Whether an address is one of these; one within `::ffff:0:0/96` is the IPv4 address in it.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        let (ranges, number) = match address {
            IpAddr::V4(v4) => (&self.v4, u128::from(v4.to_bits())),
            IpAddr::V6(v6) => match v6.to_bits() {
                mapped if MAPPED.0 <= mapped && mapped <= MAPPED.1 => (&self.v4, mapped - MAPPED.0),
                number => (&self.v6, number),
            },
        };
        within(&[(number, number)], ranges)
    }

    /// Whether all of these are in `other`.
    #[must_use]
    pub fn is_subset(&self, other: &AddressSet) -> bool {
        within(&self.v4, &other.v4) && within(&self.v6, &other.v6)
    }

    /// The fewest CIDR blocks with the same addresses: IPv4 first, then by number, always with the prefix length.
    #[must_use]
    pub fn blocks(&self) -> Vec<String> {
        self.first_blocks(usize::MAX).0
    }

    /// The first of these blocks, and how many more there are.
    #[must_use]
    pub fn first_blocks(&self, most: usize) -> (Vec<String>, usize) {
        let (mut blocks, mut more) = (Vec::new(), 0);
        let mut take = |block: &dyn Fn() -> String| if blocks.len() < most { blocks.push(block()) } else { more += 1 };
        for (first, last) in &*self.v4 {
            // IPv4 ranges hold 32-bit numbers alone
            each_block(*first, *last, 32, |at, length| {
                take(&|| format!("{}/{length}", Ipv4Addr::from_bits(at as u32)))
            });
        }
        for (first, last) in &*self.v6 {
            each_block(*first, *last, 128, |at, length| take(&|| format!("{}/{length}", Ipv6Addr::from_bits(at))));
        }
        (blocks, more)
    }
}

fn merged(mut ranges: Vec<(u128, u128)>) -> Arc<[(u128, u128)]> {
    ranges.sort_unstable();
    let mut out: Vec<(u128, u128)> = Vec::with_capacity(ranges.len());
    for (first, last) in ranges {
        match out.last_mut() {
            Some(previous) if first <= previous.1.saturating_add(1) => previous.1 = previous.1.max(last),
            _ => out.push((first, last)),
        }
    }
    out.into()
}

fn intersected(a: &[(u128, u128)], b: &[(u128, u128)]) -> Arc<[(u128, u128)]> {
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    let mut out = Vec::new();
    while let (Some(x), Some(y)) = (a.peek(), b.peek()) {
        let (first, last) = (x.0.max(y.0), x.1.min(y.1));
        if first <= last {
            out.push((first, last));
        }
        if x.1 < y.1 {
            a.next()
        } else {
            b.next()
        };
    }
    out.into()
}

/// Whether each range of `narrow` lies in one of `wide`: ranges that touch are one, so it cannot lie in two.
fn within(narrow: &[(u128, u128)], wide: &[(u128, u128)]) -> bool {
    narrow.iter().all(|(first, last)| {
        let at = wide.partition_point(|(_, end)| end < first);
        wide.get(at).is_some_and(|(start, end)| start <= first && last <= end)
    })
}

fn complement(ranges: &[(u128, u128)], max: u128) -> Vec<(u128, u128)> {
    let mut out = Vec::new();
    let mut next = Some(0);
    for (first, last) in ranges {
        if let Some(from) = next
            && from < *first
        {
            out.push((from, first - 1));
        }
        next = last.checked_add(1).filter(|next| *next <= max);
    }
    out.extend(next.map(|from| (from, max)));
    out
}

/// Cuts a range into the fewest aligned blocks.
fn each_block(first: u128, last: u128, bits: u32, mut emit: impl FnMut(u128, u32)) {
    let mut at = first;
    loop {
        // the largest block that begins here and does not reach over the end
        let mut host_bits = at.trailing_zeros().min(bits);
        while host_bits > 0 && block_end(at, host_bits) > last {
            host_bits -= 1;
        }
        emit(at, bits - host_bits);
        let end = block_end(at, host_bits);
        if end >= last {
            return;
        }
        at = end + 1;
    }
}

fn block_end(at: u128, host_bits: u32) -> u128 {
    if host_bits >= 128 { u128::MAX } else { at | ((1 << host_bits) - 1) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn set(blocks: &[&str]) -> AddressSet {
        AddressSet::from_blocks(blocks.iter().map(|block| block.parse().unwrap()))
    }

    #[test]
    fn blocks_are_the_fewest_with_the_same_addresses() {
        assert_eq!(set(&["10.0.0.0/9", "10.128.0.0/9", "9.0.0.0/8"]).blocks(), ["9.0.0.0/8", "10.0.0.0/8"]);
        assert_eq!(set(&["10.0.0.1/32", "10.0.0.2/31"]).blocks(), ["10.0.0.1/32", "10.0.0.2/31"]);
        assert_eq!(set(&["::/0", "0.0.0.0/0"]).blocks(), ["0.0.0.0/0", "::/0"]);
        assert_eq!(set(&["2001:DB8::/33", "2001:db8:8000::/33"]).blocks(), ["2001:db8::/32"]);
    }

    #[test]
    fn the_first_blocks_and_how_many_more() {
        let all = set(&["10.0.0.1/32", "10.0.0.2/31", "2001:db8::/32"]);
        assert_eq!(all.first_blocks(2), (vec!["10.0.0.1/32".to_owned(), "10.0.0.2/31".to_owned()], 1));
        assert_eq!(all.first_blocks(3), (all.blocks(), 0));
    }

    #[test]
    fn a_mapped_block_is_the_ipv4_block_in_it_and_a_wider_one_matches_no_ipv4() {
        assert_eq!(set(&["::ffff:10.0.0.0/104"]).blocks(), ["10.0.0.0/8"]);
        assert!(!set(&["::/0"]).is_subset(&set(&["0.0.0.0/0"])));
        let all_but_mapped = set(&["::/0"]).difference(&set(&["::/81", "::8000:0:0/82"]));
        assert!(!all_but_mapped.addresses().is_empty());
        assert!(AddressSet { v4: [].into(), v6: [MAPPED].into() }.addresses().is_empty());
    }

    #[test]
    fn differences_and_intersections() {
        let left = set(&["10.0.0.0/8"]).difference(&set(&["10.1.0.0/16"]));
        assert!(left.is_subset(&set(&["10.0.0.0/8"])) && !set(&["10.0.0.0/8"]).is_subset(&left));
        assert!(left.intersection(&set(&["10.1.2.0/24"])).is_empty());
        assert!(AddressSet::everything().difference(&set(&["0.0.0.0/0", "::/0"])).is_empty());
        assert_eq!(left.union(&set(&["10.1.0.0/16"])).blocks(), ["10.0.0.0/8"]);
    }
}
