//! What is asked: everything where that is little, a sample where it is much.

use std::fmt;
use std::net::IpAddr;

use camgrant_naive::Policy;
use camgrant_naive::random::Rng;

/// One question to an organisation.
#[derive(Clone, Debug)]
pub struct Question {
    /// As the table has it.
    pub subject: String,
    /// A capability, known or not.
    pub capability: String,
    /// As the table has it.
    pub resource: String,
    /// When, in seconds since 1970, where it is known.
    pub at: Option<i64>,
    /// From where, where it is known.
    pub address: Option<IpAddr>,
}

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Question { subject, capability, resource, at, address } = self;
        write!(f, "{subject} {capability} {resource} at {at:?} from {address:?}")
    }
}

/// How much was asked, and how much of it is allowed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    /// Policies that compile.
    pub policies: usize,
    /// Questions.
    pub asked: usize,
    /// Decisions of Cedar that were compared.
    pub compared: usize,
    /// Questions that were answered with yes.
    pub allowed: usize,
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Tally) {
        self.policies += other.policies;
        self.asked += other.asked;
        self.compared += other.compared;
        self.allowed += other.allowed;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Tally { policies, asked, compared, allowed } = self;
        write!(f, "{policies} policies, {asked} questions, {compared} decisions compared, {allowed} allowed")
    }
}

/// The first and the last years of the calendar, and the second before, at and after each.
const FAR: [i64; 9] =
    [-1, 0, 1, 86_399, 31_535_999, 253_339_228_799, 253_339_228_800, 253_370_764_799, 253_370_764_800];

/// What is asked most: capabilities that are often granted, each on its kind of resource.
const OFTEN: [(&str, &str); 12] = [
    ("live.view", "device"),
    ("live.view", "device"),
    ("archive.view", "device"),
    ("audio.listen", "device"),
    ("ptz.control", "device"),
    ("link.share", "device"),
    ("layout.view", "layout"),
    ("device_group.view", "device_group"),
    ("access.manage", ""),
    ("map.view", "recorder"),
    ("map.edit", "recorder"),
    ("org.view", "org"),
];

/// Below this, everything is asked.
const LITTLE: usize = 60_000;

/// The questions to an organisation: all that there are where they are few, or else a sample of so many.
#[must_use]
pub fn questions(policy: &Policy, org: &str, most: usize, rng: &mut Rng) -> Vec<Question> {
    let (mut subjects, mut resources) = (policy.subjects(org), policy.resources(org));
    let mut capabilities = policy.capabilities();
    let mut moments: Vec<Option<i64>> = policy.moments(org).into_iter().chain(FAR).map(Some).collect();
    let mut addresses: Vec<Option<IpAddr>> = policy.addresses(org).into_iter().map(Some).collect();
    // what nobody has declared is asked for as well
    subjects.extend(["user:nobody", "link:nothing"].map(str::to_owned));
    resources.extend(["device:nowhere", "site:nowhere", "recorder:nowhere"].map(str::to_owned));
    capabilities.extend(["live.watch", "class:view", "*"].map(str::to_owned));
    moments.push(None);
    addresses.push(None);
    let links: Vec<String> = subjects.iter().filter(|subject| subject.starts_with("link:")).cloned().collect();
    let sizes = [subjects.len(), capabilities.len(), resources.len(), moments.len(), addresses.len()];
    if sizes.iter().product::<usize>() <= LITTLE.max(most) {
        return everything(&subjects, &capabilities, &resources, &moments, &addresses);
    }
    (0..most)
        .map(|_| {
            let (capability, resource) = if rng.chance(65) {
                let (capability, kind) = *rng.pick(&OFTEN);
                let of_kind: Vec<&String> =
                    resources.iter().filter(|resource| resource.split(':').next() == Some(kind)).collect();
                let resource = if of_kind.is_empty() { rng.pick(&resources) } else { *rng.pick(&of_kind) };
                (capability.to_owned(), resource.clone())
            } else {
                (rng.pick(&capabilities).clone(), rng.pick(&resources).clone())
            };
            let among = if rng.chance(20) { &links } else { &subjects };
            let subject = rng.pick(among).clone();
            let at = if rng.chance(12) { None } else { *rng.pick(&moments) };
            let address = if rng.chance(12) { None } else { *rng.pick(&addresses) };
            Question { subject, capability, resource, at, address }
        })
        .collect()
}

fn everything(
    subjects: &[String],
    capabilities: &[String],
    resources: &[String],
    moments: &[Option<i64>],
    addresses: &[Option<IpAddr>],
) -> Vec<Question> {
    let mut all = Vec::new();
    for subject in subjects {
        for capability in capabilities {
            for resource in resources {
                for at in moments {
                    for address in addresses {
                        let (subject, capability) = (subject.clone(), capability.clone());
                        all.push(Question {
                            subject,
                            capability,
                            resource: resource.clone(),
                            at: *at,
                            address: *address,
                        });
                    }
                }
            }
        }
    }
    all
}
