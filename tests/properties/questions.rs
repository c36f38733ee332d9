//! What can be asked of a policy: who, what, on what, and the instants and addresses at which an answer may change.

use std::collections::BTreeSet;
use std::fmt;
use std::net::IpAddr;

use camgrant::table::Table;
use camgrant::vocabulary::{applies, vocabulary};
use camgrant_naive::Policy;
use camgrant_naive::random::{Renaming, Rng};
use jiff::Timestamp;

/// Capabilities asked of each subject and resource, where not all are.
const CAPABILITIES: usize = 4;

/// Instants and addresses asked for each of them; and for a link, which has a short life.
const MOMENTS: usize = 4;
const MOMENTS_OF_LINKS: usize = 12;

/// All questions of a policy, organisation by organisation.
pub(crate) struct Questions {
    orgs: Vec<OfOrg>,
    /// The only instant that is asked about, where there is one.
    at: Option<Timestamp>,
}

struct OfOrg {
    id: String,
    subjects: Vec<String>,
    /// Each with the capabilities that apply to it.
    resources: Vec<(String, Vec<&'static str>)>,
    instants: Vec<Timestamp>,
    addresses: Vec<IpAddr>,
}

/// One question.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Question<'q> {
    pub(crate) org: &'q str,
    pub(crate) subject: &'q str,
    pub(crate) capability: &'q str,
    pub(crate) resource: &'q str,
    pub(crate) at: Option<Timestamp>,
    pub(crate) address: Option<IpAddr>,
}

impl fmt::Display for Question<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Question { org, subject, capability, resource, .. } = self;
        write!(f, "{org}: {subject}, {capability}, {resource}")?;
        match self.at {
            Some(at) => write!(f, ", at {at}")?,
            None => f.write_str(", at an unknown instant")?,
        }
        match self.address {
            Some(address) => write!(f, ", from {address}"),
            None => f.write_str(", from an unknown address"),
        }
    }
}

impl<'q> Question<'q> {
    pub(crate) fn ask(&self, table: &Table) -> bool {
        table.decide(self.org, self.subject, self.capability, self.resource, self.at, self.address)
    }

    /// The same under other names.
    pub(crate) fn renamed(self, names: Option<&'q Renaming>) -> Question<'q> {
        let Some(names) = names else { return self };
        Question {
            org: &names.orgs[self.org],
            subject: names.name(self.org, self.subject),
            resource: names.name(self.org, self.resource),
            ..self
        }
    }
}

impl Questions {
    /// Of policies with the same subjects and resources: instants and addresses of them all, the edges of every date,
    /// window and block and the seconds and addresses beside them.
    pub(crate) fn of(policies: &[&Policy]) -> Questions {
        let first = policies[0];
        let of_org = |id: String| {
            let instants: BTreeSet<i64> = policies.iter().flat_map(|policy| policy.moments(&id)).collect();
            let addresses: BTreeSet<IpAddr> = policies.iter().flat_map(|policy| policy.addresses(&id)).collect();
            let resources = first.resources(&id).into_iter().map(|resource| {
                let kind = resource.split(':').next().unwrap();
                let all = vocabulary().capabilities().iter().map(|capability| capability.name.as_str());
                let capabilities = all.filter(|capability| applies(capability, kind)).collect();
                (resource, capabilities)
            });
            OfOrg {
                subjects: first.subjects(&id),
                resources: resources.collect(),
                instants: instants.into_iter().map(|at| Timestamp::from_second(at).unwrap()).collect(),
                addresses: addresses.into_iter().collect(),
                id,
            }
        };
        Questions { orgs: first.orgs().into_iter().map(of_org).collect(), at: None }
    }

    /// Every capability that applies, with neither an instant (but the only one) nor an address.
    pub(crate) fn plain(&self) -> impl Iterator<Item = Question<'_>> {
        self.orgs.iter().flat_map(move |org| {
            org.subjects.iter().flat_map(move |subject| {
                org.resources.iter().flat_map(move |(resource, capabilities)| {
                    capabilities.iter().map(move |capability| Question {
                        org: &org.id,
                        subject,
                        capability,
                        resource,
                        at: self.at,
                        address: None,
                    })
                })
            })
        })
    }

    /// Every subject and resource, some capabilities of each, at some instants and from some addresses, either unknown
    /// now and then.
    pub(crate) fn some<'q>(&'q self, rng: &mut Rng) -> Vec<Question<'q>> {
        let mut all = Vec::new();
        for org in &self.orgs {
            for subject in &org.subjects {
                for (resource, capabilities) in &org.resources {
                    for index in 0..CAPABILITIES {
                        // the first of a kind (`live.view` for devices) is in most grants
                        let capability = if index == 0 { capabilities[0] } else { rng.pick(capabilities) };
                        let is_link = subject.starts_with("link:") && index == 0;
                        for _ in 0..if is_link { MOMENTS_OF_LINKS } else { MOMENTS } {
                            let at = self.at.or_else(|| (!rng.chance(20)).then(|| *rng.pick(&org.instants)));
                            let address = (!rng.chance(20)).then(|| *rng.pick(&org.addresses));
                            all.push(Question { org: &org.id, subject, capability, resource, at, address });
                        }
                    }
                }
            }
        }
        all
    }

    /// The same questions, all at one instant.
    pub(crate) fn at(self, at: Timestamp) -> Questions {
        Questions { at: Some(at), ..self }
    }
}
