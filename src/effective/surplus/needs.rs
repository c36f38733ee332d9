//! Needs: what the contributions of one cell are needed for. A cell is what comes to a class of subjects on a class of
//! resources; as long as somebody provides each of its needs, the table says there what it said.
//!
//! Containment is transitive, and so what `right::sum` keeps are the first of the widest alternatives. They stay as long
//! as each is stated by somebody; whatever else is stated beside them, being narrower, changes nothing.

use crate::effective::condition::{CondIx, Conditions};
use crate::effective::contributions::Contribution;
use crate::effective::right::parted;
use crate::effective::ways::SetIx;
use crate::vocabulary::{CapabilitySet, vocabulary};

/// What has to go on being so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum What {
    /// This alternative is stated: the table has it.
    Stated(CondIx),
    /// A denial covers this alternative of a grant, so that the table has nothing.
    Covered(CondIx),
    /// Something is granted, even if nothing comes of it: without, a denied view would be one that was never granted
    /// (`semantics §5`), and the policy would not compile.
    Granted,
}

/// One need of a cell.
#[derive(Clone, Debug)]
pub(super) struct Need {
    /// For these capabilities.
    pub capabilities: CapabilitySet,
    pub what: What,
    /// The contributions that provide it, as positions in the cell.
    pub providers: Vec<usize>,
}

/// All needs of a cell.
#[derive(Clone, Debug, Default)]
pub(super) struct Needs {
    pub all: Vec<Need>,
    /// For each contribution the needs which it alone provides, as positions in `all`.
    pub alone: Vec<Vec<usize>>,
}

/// What of a cell counts beside its right, since the rule of views rests on it (`semantics §5`): capabilities that must
/// go on being granted, and those that must go on being denied without a condition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Marks {
    pub granted: CapabilitySet,
    pub denied: CapabilitySet,
}

impl Marks {
    /// A number of its own for each.
    pub(super) fn number(self) -> u32 {
        if self == Marks::default() {
            return 0;
        }
        let [layout, group] = ["layout.view", "device_group.view"].map(|name| {
            let view = vocabulary().expand(name).unwrap_or_default();
            u32::from(!(self.denied & view).is_empty())
        });
        u32::from(!self.granted.is_empty()) | layout << 1 | group << 2
    }
}

/// Whether alternatives provide something.
pub(super) fn provides(what: What, alternatives: &[CondIx], conditions: &Conditions) -> bool {
    match what {
        What::Stated(condition) => alternatives.contains(&condition),
        What::Covered(narrow) => {
            alternatives.iter().any(|wide| !conditions.is_never(*wide) && conditions.lies_in(narrow, *wide))
        }
        What::Granted => !alternatives.is_empty(),
    }
}

impl Needs {
    pub(super) fn of<'s>(
        contributions: &[Contribution],
        marks: Marks,
        set: impl Fn(SetIx) -> &'s [CondIx],
        conditions: &Conditions,
    ) -> Needs {
        let mut needs = Needs { all: Vec::new(), alone: vec![Vec::new(); contributions.len()] };
        let granted: CapabilitySet = contributions.iter().filter(|c| !c.denial).map(|c| c.capabilities).collect();
        for (capabilities, applying) in parted(contributions, granted) {
            let side = |denial: bool| -> Vec<(usize, &'s [CondIx])> {
                let applying = applying.iter().filter_map(|at| Some((*at, contributions.get(*at)?)));
                applying.filter(|(_, c)| c.denial == denial).map(|(at, c)| (at, set(c.set))).collect()
            };
            let reduced = |side: &[(usize, &'s [CondIx])]| {
                conditions.reduce(&side.iter().flat_map(|(_, set)| *set).copied().collect::<Vec<_>>())
            };
            let (grants, denials) = (side(false), side(true));
            let (kept, denied) = (reduced(&grants), reduced(&denials));
            let is_denied = |held: &CondIx| denied.iter().any(|denied| conditions.lies_in(*held, *denied));
            let held: Vec<CondIx> = kept.iter().copied().filter(|held| !is_denied(held)).collect();
            let mut add = |capabilities: CapabilitySet, what: What, side: &[(usize, &'s [CondIx])]| {
                let providing = side.iter().filter(|(_, set)| provides(what, set, conditions));
                let need = Need { capabilities, what, providers: providing.map(|(at, _)| *at).collect() };
                if !capabilities.is_empty() {
                    needs.all.push(need);
                }
            };
            if held.is_empty() {
                kept.iter().for_each(|kept| add(capabilities, What::Covered(*kept), &denials));
                add(capabilities & marks.granted, What::Granted, &grants);
                if denied == [Conditions::ALWAYS] {
                    add(capabilities & marks.denied, What::Stated(Conditions::ALWAYS), &denials);
                }
            } else {
                held.iter().for_each(|held| add(capabilities, What::Stated(*held), &grants));
                denied.iter().for_each(|denied| add(capabilities, What::Stated(*denied), &denials));
            }
        }
        for (number, need) in needs.all.iter().enumerate() {
            if let [only] = need.providers[..]
                && let Some(alone) = needs.alone.get_mut(only)
            {
                alone.push(number);
            }
        }
        needs
    }
}
