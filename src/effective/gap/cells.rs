//! Addresses cut into cells: in each, every part of a comparison holds for all addresses or for none.

use super::{Beyond, Steps};
use crate::model::AddressSet;

/// Addresses that no part tells apart.
pub(super) struct Atom {
    pub addresses: AddressSet,
    /// For each part whether it holds for these; one that speaks of no addresses does.
    pub inside: Vec<bool>,
}

/// Cuts addresses by the addresses of some parts.
pub(super) fn atoms<'s>(
    all: AddressSet,
    parts: impl Iterator<Item = Option<&'s AddressSet>>,
    steps: &mut Steps,
) -> Result<Vec<Atom>, Beyond> {
    let mut atoms = vec![Atom { addresses: all, inside: Vec::new() }];
    for part in parts {
        let mut next = Vec::with_capacity(atoms.len() + 1);
        for mut atom in atoms {
            let Some(set) = part else {
                atom.inside.push(true);
                next.push(atom);
                continue;
            };
            steps.take(atom.addresses.ranges() + set.ranges() + atom.inside.len() + 1)?;
            let both = atom.addresses.intersection(set);
            let rest = atom.addresses.difference(set);
            let inside = |holds: bool| [&atom.inside[..], &[holds]].concat();
            for (addresses, holds) in [(both, true), (rest, false)] {
                if !addresses.is_empty() {
                    next.push(Atom { inside: inside(holds), addresses });
                }
            }
        }
        atoms = next;
    }
    Ok(atoms)
}
