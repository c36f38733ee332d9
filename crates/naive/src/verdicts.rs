//! language: tests. Whether a test of the policy passes, by asking each subject about each resource.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use crate::model::{Named, Org};
use crate::raw::RawTest;
use crate::read::Policy;
use crate::resources::{kind_of, reach};
use crate::subjects::{is_named, owns};

/// One test, as it is read.
#[derive(Debug, Clone)]
pub(crate) struct Test {
    pub(crate) to: Vec<String>,
    pub(crate) except: Vec<String>,
    pub(crate) can: Option<Vec<String>>,
    pub(crate) cannot: Option<Vec<String>>,
    pub(crate) never_together: Option<Vec<String>>,
    pub(crate) max_holders: BTreeMap<String, u64>,
    pub(crate) nobody_else: bool,
    pub(crate) scope: Vec<String>,
    pub(crate) at: Option<i64>,
    pub(crate) address: Option<IpAddr>,
}

impl Test {
    pub(crate) fn from_raw(raw: RawTest, scope: Vec<String>, at: Option<i64>) -> Result<Self, String> {
        let list = |texts: crate::raw::Texts| texts.map(|texts| texts.0);
        Ok(Self {
            to: list(raw.to).unwrap_or_default(),
            except: list(raw.except).unwrap_or_default(),
            can: list(raw.can),
            cannot: list(raw.cannot),
            never_together: list(raw.never_together),
            max_holders: raw.max_holders,
            nobody_else: raw.nobody_else,
            scope,
            at,
            address: raw.address.map(|text| text.parse().map_err(|_| format!("`{text}` is no address"))).transpose()?,
        })
    }
}

/// The instants and addresses at which a test without them is judged.
#[derive(Debug, Clone)]
pub struct Samples {
    /// Seconds since 1970, none before `--now`.
    pub moments: Vec<i64>,
    /// From where.
    pub addresses: Vec<IpAddr>,
}

/// A test under way.
struct Trial<'a> {
    policy: &'a Policy,
    id: &'a str,
    test: &'a Test,
    everybody: BTreeSet<String>,
    named: BTreeSet<String>,
    resources: BTreeSet<String>,
    requests: Vec<(i64, IpAddr)>,
}

impl Policy {
    /// How many tests an organisation has.
    #[must_use]
    pub fn tests(&self, org: &str) -> usize {
        self.orgs.get(org).map_or(0, |org| org.tests.len())
    }

    /// Whether the test with this number passes, as far as these instants and addresses show.
    #[must_use]
    pub fn passes(&self, id: &str, number: usize, samples: &Samples) -> bool {
        let Some(test) = self.orgs.get(id).and_then(|org| org.tests.get(number)) else { return false };
        let org = &self.orgs[id];
        let everybody: BTreeSet<String> = self.subjects(id).into_iter().collect();
        let of = |list: &[String]| -> BTreeSet<String> {
            everybody.iter().filter(|who| list.iter().any(|item| speaks_of(org, item, who))).cloned().collect()
        };
        let named = &of(&test.to) - &of(&test.except);
        let resources = test.scope.iter().flat_map(|scope| reach(org, scope, false)).collect();
        let moments = test.at.map_or_else(|| samples.moments.clone(), |at| vec![at]);
        let addresses = test.address.map_or_else(|| samples.addresses.clone(), |address| vec![address]);
        let requests = moments.iter().flat_map(|at| addresses.iter().map(|address| (*at, *address))).collect();
        let trial = Trial { policy: self, id, test, named, resources, requests, everybody };
        !trial.named.is_empty() && trial.says_something() && trial.holds()
    }
}

/// A user stands for himself alone, a team for all who are in it at any time, `everyone` for users and links.
fn speaks_of(org: &Org, item: &str, who: &str) -> bool {
    let Some(user) = who.strip_prefix("user:") else {
        return item == who || item.trim_start_matches("team:").eq_ignore_ascii_case("everyone");
    };
    match item.split_once(':') {
        _ if item.trim_start_matches("team:").eq_ignore_ascii_case("everyone") => true,
        Some(("team", team)) => is_named(org, &Named::Team(team.to_owned()), user),
        Some(("user", id)) => id.eq_ignore_ascii_case(user),
        Some(_) => false,
        None => item.eq_ignore_ascii_case(user),
    }
}

impl Trial<'_> {
    fn expand(&self, pattern: &str) -> BTreeSet<String> {
        self.policy.vocabulary.expand(pattern)
    }

    fn applies(&self, capability: &str, resource: &str) -> bool {
        self.policy.vocabulary.applies(capability, kind_of(resource))
    }

    /// The items of the test that speak of capabilities.
    fn items(&self) -> Vec<&String> {
        let Test { can, cannot, never_together, max_holders, .. } = self.test;
        let lists = [can, cannot, never_together].into_iter().flatten().flatten();
        lists.chain(max_holders.keys()).collect()
    }

    /// "A scope that reaches nothing to which the capability applies fails the test."
    fn says_something(&self) -> bool {
        let used = |item: &String, resource: &String| self.expand(item).iter().any(|one| self.applies(one, resource));
        if self.test.never_together.is_some() {
            return self.resources.iter().any(|resource| self.items().into_iter().all(|item| used(item, resource)));
        }
        self.items().into_iter().all(|item| self.resources.iter().any(|resource| used(item, resource)))
    }

    fn may(&self, who: &str, capability: &str, resource: &str, (at, address): (i64, IpAddr)) -> bool {
        self.policy.decide(self.id, who, capability, resource, Some(at), Some(address))
    }

    /// Whether the subject holds one of these at some time, from somewhere.
    fn ever(&self, who: &str, items: &[String], resource: &str) -> bool {
        let all = items.iter().flat_map(|item| self.expand(item));
        all.into_iter().any(|one| self.requests.iter().any(|request| self.may(who, &one, resource, *request)))
    }

    fn holds(&self) -> bool {
        let mut pairs = self.named.iter().flat_map(|who| self.resources.iter().map(move |resource| (who, resource)));
        if let Some(can) = &self.test.can {
            // each of the subjects, on every resource of the scope to which the capability applies, always
            let all: BTreeSet<String> = can.iter().flat_map(|item| self.expand(item)).collect();
            let each = pairs.all(|(who, resource)| {
                let applying = all.iter().filter(|one| self.applies(one, resource));
                applying.into_iter().all(|one| self.requests.iter().all(|at| self.may(who, one, resource, *at)))
            });
            let org = &self.policy.orgs[self.id];
            let owner = |who: &str, on: &str| who.strip_prefix("user:").is_some_and(|user| owns(org, user, on));
            let mut others = self.everybody.difference(&self.named);
            return each
                && (!self.test.nobody_else
                    || others.all(|who| self.resources.iter().all(|on| owner(who, on) || !self.ever(who, can, on))));
        }
        if let Some(cannot) = &self.test.cannot {
            return pairs.all(|(who, resource)| !self.ever(who, cannot, resource));
        }
        if let Some(items) = &self.test.never_together {
            // one of each item, at the same instant and from the same address
            return pairs.all(|(who, resource)| {
                !self.requests.iter().any(|request| {
                    items.iter().all(|item| self.expand(item).iter().any(|one| self.may(who, one, resource, *request)))
                })
            });
        }
        // counted for each resource by itself
        self.test.max_holders.iter().all(|(item, limit)| {
            self.resources.iter().all(|resource| {
                let holds = |who: &&String| self.ever(who, std::slice::from_ref(item), resource);
                self.named.iter().filter(holds).count() as u64 <= *limit
            })
        })
    }
}
