//! The difference of two versions, told: sets by the names that the policies have for them, conditions as tables write
//! them. In: blocks. Out: plain data that goes to JSON as it is; `text` makes text of the same.

mod bearing;
mod causes;
mod marks;
mod naming;
mod text;
mod view;

use schemars::JsonSchema;
use serde::Serialize;

use self::causes::Causes;
pub use self::causes::{CauseTold, CauseTurn};
pub use self::marks::{Mark, MarkTold};
use self::naming::Naming;
pub use self::text::diff_text;
use super::{Block, Held, HeldIx, OrgDifference, Shift, Side, Turn, Unknown, Version, compare};
use crate::declared::Changes;
use crate::query::NamedSet;
use crate::query::told::{ConditionTold, HeldTold};
use crate::vocabulary::vocabulary;

/// What `camgrant diff` prints as JSON.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DiffTold {
    /// What was compared: the old version.
    pub old: String,
    /// And the new one.
    pub new: String,
    /// Rights in all organisations.
    #[serde(flatten)]
    pub counts: Counts,
    /// The organisations whose rights differ, and those that are in one version alone, sorted by id.
    pub orgs: Vec<OrgTold>,
}

/// How many rights: subject × capability × resource.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counts {
    /// Rights that are held in the old version.
    pub before: u64,
    /// Rights that are held in the new version alone.
    pub gained: u64,
    /// Rights that are held in the old version alone.
    pub lost: u64,
    /// Rights that are held in both, under other conditions.
    pub changed: u64,
}

/// The difference of one organisation.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Org")]
pub struct OrgTold {
    /// Its id.
    pub org: String,
    /// The only version that has it (`old` or `new`), where it is not in both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only: Option<Version>,
    /// Its rights.
    #[serde(flatten)]
    pub counts: Counts,
    /// Which rights: each in one block. Gains that want a look first (`marks`), then other gains, changes, losses; of each
    /// the largest first.
    pub blocks: Vec<BlockTold>,
    /// The changes in the source from which the blocks come; where both versions are policies that have this organisation.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub causes: Vec<CauseTold>,
    /// Schedules in the conditions of these blocks that have the same id in both versions, and other hours.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub schedules: Vec<String>,
}

/// Each of the subjects holds each of the capabilities on each of the resources otherwise than before.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "DiffBlock")]
pub struct BlockTold {
    /// How.
    pub turn: TurnTold,
    /// Why it wants a look.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub marks: Vec<MarkTold>,
    /// The subjects.
    pub subjects: NamedSet,
    /// The capabilities.
    pub capabilities: Vec<String>,
    /// The resources.
    pub resources: NamedSet,
    /// How many rights it is.
    pub rights: u64,
    /// Which of the organisation's `causes` it comes from, counted from 0.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub causes: Vec<usize>,
    /// How they were held; left out where they were not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<HeldTold>,
    /// How they are held; left out where they are not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub now: Option<HeldTold>,
}

/// How a right is held now, beside before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "Turn")]
pub enum TurnTold {
    /// It was not held.
    Gained,
    /// It is held whenever it was, and at other times or from other addresses too.
    Wider,
    /// It is held at other times or from other addresses; neither condition is shown to contain the other.
    Otherwise,
    /// It is held only when it was, and not always then.
    Narrower,
    /// It is not held any more.
    Lost,
}

impl From<Turn> for TurnTold {
    fn from(turn: Turn) -> TurnTold {
        match turn {
            Turn::Gained => TurnTold::Gained,
            Turn::Changed(Shift::Wider) => TurnTold::Wider,
            Turn::Changed(Shift::Other) => TurnTold::Otherwise,
            Turn::Changed(Shift::Narrower) => TurnTold::Narrower,
            Turn::Lost => TurnTold::Lost,
        }
    }
}

impl Counts {
    fn add(&mut self, other: Counts) {
        self.before += other.before;
        self.gained += other.gained;
        self.lost += other.lost;
        self.changed += other.changed;
    }

    fn of(difference: &OrgDifference) -> Counts {
        let mut counts = Counts { before: difference.before, ..Counts::default() };
        for block in &difference.blocks {
            let count = match block.turn {
                Turn::Gained => &mut counts.gained,
                Turn::Changed(_) => &mut counts.changed,
                Turn::Lost => &mut counts.lost,
            };
            *count += block.rights();
        }
        counts
    }
}

impl DiffTold {
    /// Whether any right differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Counts { gained, lost, changed, .. } = self.counts;
        gained + lost + changed == 0
    }

    /// All blocks.
    pub fn blocks(&self) -> impl Iterator<Item = &BlockTold> {
        self.orgs.iter().flat_map(|org| &org.blocks)
    }
}

/// Compares two versions, and tells the difference. `names` are what they are called; with `org`, only that organisation is
/// looked at. `changes` are those in the source between two policies, among which causes are looked for.
///
/// # Errors
/// Where a table has something in it that this version of the program does not know.
pub fn diff(
    old: Side<'_>,
    new: Side<'_>,
    names: [&str; 2],
    org: Option<&str>,
    changes: Option<&Changes<'_>>,
) -> Result<DiffTold, Unknown> {
    let [old_name, new_name] = names.map(str::to_owned);
    let mut told = DiffTold { old: old_name, new: new_name, counts: Counts::default(), orgs: Vec::new() };
    for difference in compare(old, new, org)? {
        let counts = Counts::of(&difference);
        told.counts.add(counts);
        if difference.only.is_some() || !difference.blocks.is_empty() {
            told.orgs.push(tell(&difference, counts, [old, new], changes));
        }
    }
    Ok(told)
}

fn tell(difference: &OrgDifference, counts: Counts, sides: [Side<'_>; 2], changes: Option<&Changes<'_>>) -> OrgTold {
    let mut naming = Naming::new(difference, sides[0], sides[1]);
    let mut causes = changes.and_then(|changes| {
        let [Some((old, old_sources)), Some((new, new_sources))] = sides.map(|side| side.policy(&difference.org))
        else {
            return None;
        };
        Some(Causes::new(difference, [old, new], [old_sources, new_sources], changes))
    });
    let mut tell = |block| {
        let found = causes.as_mut().map(|causes| causes.of(block, difference)).unwrap_or_default();
        BlockTold { causes: found, ..tell_block(difference, block, &mut naming) }
    };
    let mut blocks: Vec<BlockTold> = difference.blocks.iter().map(&mut tell).collect();
    let (causes, places) = causes.map(Causes::told).unwrap_or_default();
    for block in &mut blocks {
        block.causes = block.causes.iter().filter_map(|number| places.get(number).copied()).collect();
    }
    blocks.sort_by_cached_key(|block| {
        let first_mark = block.marks.iter().map(|mark| mark.mark).min();
        let wants_a_look = first_mark.map_or((1, None), |mark| (0, Some(mark)));
        let size = std::cmp::Reverse(block.rights);
        (block.turn, wants_a_look, size, block.subjects.clone(), block.resources.clone(), block.capabilities.clone())
    });
    let changed = difference.conditions().changed_schedules();
    let used = |id: &String| {
        let held = blocks.iter().flat_map(|block| block.was.iter().chain(&block.now));
        let mut conditions = held.flat_map(|held| held.when.iter().chain(&held.except_when));
        conditions.any(|condition| condition.schedules.iter().any(|schedule| schedule == id))
    };
    let schedules = changed.into_iter().filter(used).collect();
    OrgTold { org: difference.org.clone(), only: difference.only, counts, blocks, causes, schedules }
}

fn tell_block(difference: &OrgDifference, block: &Block, naming: &mut Naming<'_>) -> BlockTold {
    let held = |held: HeldIx, account, version| {
        (held != HeldIx::NOT).then(|| held_told(difference, difference.held(held), account, version))
    };
    let turned = block.turned;
    BlockTold {
        turn: block.turn.into(),
        marks: naming.marks(block),
        subjects: naming.subjects(block),
        capabilities: vocabulary().names(block.capabilities).map(str::to_owned).collect(),
        resources: naming.resources(block),
        rights: block.rights(),
        causes: Vec::new(),
        was: held(turned.old, turned.old_account, Version::Old),
        now: held(turned.new, turned.new_account, Version::New),
    }
}

fn held_told(difference: &OrgDifference, held: &Held, account: super::Cond, version: Version) -> HeldTold {
    let conditions = |all: &[super::Cond]| {
        let stated = all.iter().filter(|one| **one != super::Cond::ALWAYS);
        let mut told: Vec<ConditionTold> = stated.map(|one| difference.conditions().write(*one, version)).collect();
        told.sort_unstable();
        told
    };
    let account = (account != super::Cond::ALWAYS).then(|| difference.conditions().write(account, version));
    HeldTold { when: conditions(&held.when), except_when: conditions(&held.denied), account }
}
