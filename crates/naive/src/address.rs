//! Sets of addresses, as lists of CIDR blocks.
//!
//! An address within `::ffff:0:0/96` is the IPv4 address in it (semantics §3), so among IPv6 addresses that block is a
//! hole: no address lies in it, and a wider IPv6 block matches no IPv4 address (language: networks).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A CIDR block. The derived order is the table's: IPv4 first, then by address as a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Block {
    pub(crate) six: bool,
    /// The address as a number; of IPv4, the 32 low bits.
    pub(crate) address: u128,
    pub(crate) prefix: u8,
}

/// The IPv6 block in which the addresses are IPv4 ones.
const MAPPED: Block = Block { six: true, address: 0xffff_0000_0000, prefix: 96 };
const WHOLE_FOUR: Block = Block { six: false, address: 0, prefix: 0 };
const WHOLE_SIX: Block = Block { six: true, address: 0, prefix: 0 };

impl Block {
    fn width(self) -> u8 {
        if self.six { 128 } else { 32 }
    }

    /// The address that is one past `self.prefix` bits deep: the size of a half.
    fn halves(self) -> Option<[Self; 2]> {
        let prefix = self.prefix + 1;
        let bit = self.width().checked_sub(prefix)?;
        let low = Self { prefix, ..self };
        Some([low, Self { address: self.address | (1u128 << bit), ..low }])
    }

    /// Whether every address of `other` is an address of this block.
    pub(crate) fn covers(self, other: Self) -> bool {
        self.six == other.six && self.prefix <= other.prefix && other.first_of(self.prefix) == self.address
    }

    /// This block's address cut to `prefix` bits.
    fn first_of(self, prefix: u8) -> u128 {
        let bits = self.width() - prefix;
        if bits >= 128 { 0 } else { (self.address >> bits) << bits }
    }

    /// The first address.
    pub(crate) fn first(self) -> IpAddr {
        number(self.six, self.address)
    }

    /// The last address.
    pub(crate) fn last(self) -> IpAddr {
        let bits = self.width() - self.prefix;
        let rest = if bits >= 128 { u128::MAX } else { (1u128 << bits) - 1 };
        number(self.six, self.address | rest)
    }

    /// language: networks. A block, or a bare address; one inside `::ffff:0:0/96` is read as the IPv4 one.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix.parse::<u8>().map_err(|_| format!("block `{text}`"))?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| format!("block `{text}`"))?;
        let whole = match address {
            IpAddr::V4(four) => Self { six: false, address: u128::from(u32::from(four)), prefix: 32 },
            IpAddr::V6(six) => Self { six: true, address: u128::from(six), prefix: 128 },
        };
        let prefix = prefix.unwrap_or(whole.prefix);
        if prefix > whole.prefix || whole.first_of(prefix) != whole.address {
            return Err(format!("block `{text}` has host bits set"));
        }
        let block = Self { prefix, ..whole };
        if MAPPED.covers(block) {
            return Ok(Self { six: false, address: block.address & 0xffff_ffff, prefix: prefix - 96 });
        }
        Ok(block)
    }

    /// table: CIDR blocks are written with their prefix length, IPv6 as in RFC 5952.
    pub(crate) fn text(self) -> String {
        format!("{}/{}", self.first(), self.prefix)
    }
}

fn number(six: bool, address: u128) -> IpAddr {
    if six {
        IpAddr::V6(Ipv6Addr::from(address))
    } else {
        IpAddr::V4(Ipv4Addr::from(u32::try_from(address).expect("an IPv4 address has 32 bits")))
    }
}

/// A set of addresses: the fewest blocks that make it, in order (table: Expanded layout).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Addresses {
    blocks: Vec<Block>,
}

/// What a set holds of one block of the address space.
enum Share {
    /// There are no addresses in the block at all.
    Hole,
    /// None of them.
    Nothing,
    /// All of them; the block is the narrowest that holds them all.
    All(Block),
    /// Some of them.
    Some(Vec<Block>),
}

impl Addresses {
    /// The set of the addresses that lie in one of the blocks.
    pub(crate) fn new(blocks: &[Block]) -> Self {
        let mut fewest = Vec::new();
        for whole in [WHOLE_FOUR, WHOLE_SIX] {
            match share(whole, blocks) {
                Share::All(block) => fewest.push(block),
                Share::Some(some) => fewest.extend(some),
                Share::Hole | Share::Nothing => {}
            }
        }
        Self { blocks: fewest }
    }

    /// Every address.
    pub(crate) fn all() -> Self {
        Self::new(&[WHOLE_FOUR, WHOLE_SIX])
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// Two blocks are one in the other, or share nothing.
    pub(crate) fn intersection(&self, other: &Self) -> Self {
        let mut both = Vec::new();
        for &one in &self.blocks {
            for &two in &other.blocks {
                if one.covers(two) {
                    both.push(two);
                } else if two.covers(one) {
                    both.push(one);
                }
            }
        }
        Self::new(&both)
    }

    pub(crate) fn union(&self, other: &Self) -> Self {
        let both: Vec<Block> = self.blocks.iter().chain(&other.blocks).copied().collect();
        Self::new(&both)
    }

    pub(crate) fn minus(&self, other: &Self) -> Self {
        let mut left = Vec::new();
        for &block in &self.blocks {
            cut(block, &other.blocks, &mut left);
        }
        Self::new(&left)
    }

    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        let block = match address {
            IpAddr::V4(four) => Block { six: false, address: u128::from(u32::from(four)), prefix: 32 },
            IpAddr::V6(six) => match six.to_ipv4_mapped() {
                Some(four) => Block { six: false, address: u128::from(u32::from(four)), prefix: 32 },
                None => Block { six: true, address: u128::from(six), prefix: 128 },
            },
        };
        self.blocks.iter().any(|one| one.covers(block))
    }

    /// The blocks as the table writes them.
    pub(crate) fn texts(&self) -> Vec<String> {
        self.blocks.iter().map(|block| block.text()).collect()
    }
}

/// What `blocks` hold of `space`.
fn share(space: Block, blocks: &[Block]) -> Share {
    if MAPPED.covers(space) {
        return Share::Hole;
    }
    let near: Vec<Block> = blocks.iter().copied().filter(|&b| b.covers(space) || space.covers(b)).collect();
    if near.is_empty() {
        return Share::Nothing;
    }
    let Some([low, high]) = space.halves() else {
        return Share::All(space); // one address
    };
    if near.iter().any(|block| block.covers(space)) && low != MAPPED && high != MAPPED {
        return Share::All(space);
    }
    match (share(low, &near), share(high, &near)) {
        (Share::All(_), Share::All(_)) => Share::All(space),
        (Share::All(block), Share::Hole) | (Share::Hole, Share::All(block)) => Share::All(block),
        (Share::Nothing | Share::Hole, Share::Nothing | Share::Hole) => Share::Nothing,
        (one, two) => Share::Some([one, two].into_iter().flat_map(listed).collect()),
    }
}

fn listed(share: Share) -> Vec<Block> {
    match share {
        Share::Hole | Share::Nothing => Vec::new(),
        Share::All(block) => vec![block],
        Share::Some(blocks) => blocks,
    }
}

/// What is left of `block` without `others`.
fn cut(block: Block, others: &[Block], left: &mut Vec<Block>) {
    if others.iter().any(|other| other.covers(block)) {
        return;
    }
    if !others.iter().any(|&other| block.covers(other)) {
        left.push(block);
        return;
    }
    for half in block.halves().into_iter().flatten() {
        cut(half, others, left);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(texts: &[&str]) -> Addresses {
        Addresses::new(&texts.iter().map(|text| Block::parse(text).unwrap()).collect::<Vec<_>>())
    }

    #[test]
    fn fewest_blocks() {
        assert_eq!(set(&["10.0.0.0/9", "10.128.0.0/9", "10.1.2.3"]).texts(), ["10.0.0.0/8"]);
        assert_eq!(set(&["::/0", "9.0.0.0/8", "10.0.0.0/8"]).texts(), ["9.0.0.0/8", "10.0.0.0/8", "::/0"]);
        assert_eq!(set(&["::ffff:10.1.0.0/112"]).texts(), ["10.1.0.0/16"]);
        assert_eq!(set(&["::/80"]).texts(), ["::/80"]);
        assert_eq!(set(&["::/1", "8000::/1"]).texts(), ["::/0"]);
        assert_eq!(set(&["::fffe:0:0/95"]).texts(), ["::fffe:0:0/96"]);
        assert_eq!(set(&["::fffe:0:0/96", "::fffc:0:0/95"]).texts(), ["::fffc:0:0/94"]);
        assert_eq!(Addresses::all().texts(), ["0.0.0.0/0", "::/0"]);
    }

    #[test]
    fn operations() {
        assert!(set(&["::/0"]).minus(&set(&["::/1", "8000::/1"])).is_empty());
        assert!(set(&["::fffe:0:0/95"]).minus(&set(&["::fffe:0:0/96"])).is_empty());
        assert_eq!(set(&["10.0.0.0/8"]).minus(&set(&["10.0.0.0/9"])).texts(), ["10.128.0.0/9"]);
        assert_eq!(
            set(&["10.0.0.0/8", "::/0"]).intersection(&set(&["10.1.0.0/16", "fe80::/10"])).texts(),
            ["10.1.0.0/16", "fe80::/10"]
        );
        assert_eq!(set(&["10.0.0.0/9"]).union(&set(&["10.128.0.0/9"])).texts(), ["10.0.0.0/8"]);
        assert!(!set(&["::/0"]).contains("::ffff:1.2.3.4".parse().unwrap()));
        assert!(set(&["1.2.3.4"]).contains("::ffff:1.2.3.4".parse().unwrap()));
        assert!(Block::parse("10.0.0.1/8").is_err() && Block::parse("::1/33").is_err());
    }
}
