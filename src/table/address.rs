//! Sets of addresses: blocks become sorted ranges of numbers. Both families share one line of numbers, on which an IPv4
//! address stands where IPv6 maps it, in `::ffff:0:0/96` (`semantics §3`). An IPv6 block that is wider than that part
//! matches no IPv4 address (`language: networks`), so the part is cut out of it.

use std::net::IpAddr;

use ipnet::IpNet;

use super::error::Fault;

/// The address as a number.
pub(super) fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
        IpAddr::V6(address) => address.to_bits(),
    }
}

/// From the first to the last, both included.
type Range = (u128, u128);

/// Every address there is.
const ALL: Range = (0, u128::MAX);

/// The IPv4 addresses.
const IPV4: Range = (0xffff_0000_0000, 0xffff_ffff_ffff);

/// A set of addresses: ranges in order, with a gap between each and the next.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct AddressSet(Box<[Range]>);

impl AddressSet {
    /// The addresses in one of `networks` (absent: all addresses) and in none of `outside`.
    pub(super) fn load<S: AsRef<str>>(networks: Option<&[S]>, outside: &[S]) -> Result<Self, Fault> {
        let inside = match networks {
            Some(blocks) => union(blocks)?,
            None => vec![ALL],
        };
        Ok(Self(minus(&inside, &union(outside)?).into_boxed_slice()))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn contains(&self, address: u128) -> bool {
        let next = self.0.partition_point(|range| range.0 <= address);
        next.checked_sub(1).and_then(|last| self.0.get(last)).is_some_and(|range| address <= range.1)
    }
}

/// The addresses in any of the blocks.
fn union<S: AsRef<str>>(blocks: &[S]) -> Result<Vec<Range>, Fault> {
    let mut ranges = Vec::with_capacity(blocks.len());
    for text in blocks {
        let range = block(text.as_ref())?;
        let wider_than_ipv4 = range != IPV4 && range.0 <= IPV4.0 && IPV4.1 <= range.1;
        if wider_than_ipv4 {
            ranges.extend(minus(&[range], &[IPV4]));
        } else {
            ranges.push(range);
        }
    }
    ranges.sort_unstable();
    ranges.dedup_by(|next, last| {
        let touches = next.0 <= last.1.saturating_add(1);
        if touches {
            last.1 = last.1.max(next.1);
        }
        touches
    });
    Ok(ranges)
}

/// The addresses of one block: always with its prefix length, no host bits set. Numbers have no leading zeros, which some
/// would read as octal.
fn block(text: &str) -> Result<Range, Fault> {
    let parsed = text.split_once('/').and_then(|(address, prefix)| {
        let plain = prefix.bytes().all(|byte| byte.is_ascii_digit());
        let plain = plain && (prefix == "0" || !prefix.starts_with('0'));
        let prefix = prefix.parse().ok().filter(|_| plain)?;
        let net = IpNet::new(address.parse().ok()?, prefix).ok()?;
        (net.addr() == net.network()).then(|| (number(net.network()), number(net.broadcast())))
    });
    parsed.ok_or_else(|| Fault::Block(text.to_owned()))
}

/// What of `ranges` is in none of `holes`; both in order and without overlaps.
fn minus(ranges: &[Range], holes: &[Range]) -> Vec<Range> {
    let mut left = Vec::with_capacity(ranges.len());
    let mut holes = holes.iter().copied().peekable();
    for &(first, last) in ranges {
        // where the rest of this range starts; none: nothing is left of it
        let mut rest = Some(first);
        while let (Some(start), Some(&hole)) = (rest, holes.peek()) {
            if hole.0 > last {
                break;
            }
            if hole.0 > start {
                left.push((start, hole.0 - 1));
            }
            if hole.1 >= start {
                rest = hole.1.checked_add(1).filter(|&next| next <= last);
            }
            // a hole that reaches beyond this range may cut into the next one too
            if hole.1 > last {
                break;
            }
            holes.next();
        }
        left.extend(rest.map(|start| (start, last)));
    }
    left
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn set(networks: Option<&[&str]>, outside: &[&str]) -> AddressSet {
        AddressSet::load(networks, outside).unwrap()
    }

    fn has(set: &AddressSet, address: &str) -> bool {
        set.contains(number(address.parse().unwrap()))
    }

    #[test]
    fn blocks_have_first_and_last() {
        let set = set(Some(&["10.1.0.0/16", "10.2.0.0/16", "192.168.0.1/32", "2001:db8::/32"]), &[]);
        assert_eq!(set.0.len(), 3);
        for inside in ["10.1.0.0", "10.2.255.255", "192.168.0.1", "2001:db8::", "2001:db8:ffff::1", "::ffff:10.1.2.3"] {
            assert!(has(&set, inside), "{inside}");
        }
        for outside in ["10.0.255.255", "10.3.0.0", "192.168.0.0", "192.168.0.2", "2001:db9::", "::", "::10.1.2.3"] {
            assert!(!has(&set, outside), "{outside}");
        }
    }

    #[test]
    fn outside_is_taken_off() {
        let office = set(Some(&["10.0.0.0/8"]), &["10.1.0.0/16", "10.3.0.0/16", "11.0.0.0/8"]);
        assert!(has(&office, "10.0.0.1") && has(&office, "10.2.0.1") && has(&office, "10.255.255.255"));
        assert!(!has(&office, "10.1.0.0") && !has(&office, "10.3.255.255") && !has(&office, "11.0.0.1"));
        let elsewhere = set(None, &["0.0.0.0/0"]);
        assert!(!has(&elsewhere, "1.2.3.4") && !has(&elsewhere, "::ffff:1.2.3.4") && has(&elsewhere, "::1"));
        // one hole over several ranges
        let split = set(Some(&["10.0.0.0/16", "10.2.0.0/16", "10.4.0.0/16"]), &["10.0.0.0/13"]);
        assert!(split.is_empty());
    }

    #[test]
    fn nothing_left_is_empty() {
        assert!(set(Some(&[]), &[]).is_empty());
        assert!(set(Some(&["10.1.0.0/16"]), &["10.0.0.0/8"]).is_empty());
        assert!(set(None, &["0.0.0.0/0", "::/0"]).is_empty());
        assert!(!set(None, &["0.0.0.0/0", "::/1"]).is_empty());
        assert!(!set(None, &["::/0"]).is_empty());
        // of ::fffe:0:0/95 the upper half is IPv4's, and so in no IPv6 block that is wider than it
        assert!(set(Some(&["::fffe:0:0/95"]), &["::fffe:0:0/96"]).is_empty());
    }

    #[test]
    fn a_wide_ipv6_block_has_no_ipv4_address() {
        let ipv6 = set(Some(&["::/0"]), &[]);
        assert!(has(&ipv6, "::1") && has(&ipv6, "ffff::") && has(&ipv6, "::fffe:ffff:ffff") && has(&ipv6, "::1:0:0:0"));
        assert!(!has(&ipv6, "1.2.3.4") && !has(&ipv6, "::ffff:1.2.3.4"));
        let outside = set(None, &["::/0"]);
        assert!(has(&outside, "1.2.3.4") && !has(&outside, "::1"));
        let mapped = set(Some(&["::ffff:10.0.0.0/104"]), &[]);
        assert!(has(&mapped, "10.9.8.7") && !has(&mapped, "11.0.0.0"));
        assert_eq!(set(Some(&["::ffff:0:0/96"]), &[]), set(Some(&["0.0.0.0/0"]), &[]));
    }

    #[test]
    fn what_is_no_block_is_refused() {
        for text in [
            "",
            "10.0.0.0",
            "10.0.0.1/8",
            "10.0.0.0/33",
            "010.0.0.0/8",
            "::/129",
            "::1/64",
            "10.0.0.0/08",
            "10.0.0.0/+8",
            "10.0.0.0/",
            "10.0.0.0/8/8",
            "/8",
            "fe80::%1/64",
            "home",
            " ::/0",
        ] {
            assert_eq!(AddressSet::load(Some(&[text]), &[]), Err(Fault::Block(text.to_owned())), "{text}");
        }
    }

    #[test]
    fn sets_agree_with_their_members() {
        // every pair of sets over a small line, against membership one by one
        let ranges = |bits: u32| -> Vec<Range> {
            let mut ranges: Vec<Range> = Vec::new();
            for at in (0..7u32).filter(|at| bits >> at & 1 == 1).map(u128::from) {
                match ranges.last_mut() {
                    Some(last) if last.1 + 1 == at => last.1 = at,
                    _ => ranges.push((at, at)),
                }
            }
            ranges
        };
        for a in 0..128 {
            for b in 0..128 {
                assert_eq!(minus(&ranges(a), &ranges(b)), ranges(a & !b), "{a:b} {b:b}");
            }
        }
    }
}
