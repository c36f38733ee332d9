//! Coverage (`semantics §5`): whoever may open a layout or see a device group may watch every device in it. With it
//! the other findings that need rows: too many alternatives, and links that give nothing.
//!
//! Subjects are judged by class, and of a class's row only that is made which matters: first the layouts and device
//! groups that are not clear without a row (`unclear`), then the devices of those that are shown to it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::OrgRights;
use super::doubt::Doubt;
use super::gap::{Differing, Held};
use super::resources::ResourceClassIx;
use super::right::Sum;
use super::rows::{Evaluator, SumIx};
use super::rules;
use super::statements::{StatementIx, SubjectClass, SubjectClassIx};
use super::unclear::Unclear;
use super::uncovered::{self, Uncovered, Why};
use super::ways::Ways;
use crate::diagnostics::Diagnostic;
use crate::graph::Resource;
use crate::model::{DeviceIx, GrantIx, LinkIx, UserIx};
use crate::vocabulary::vocabulary;

pub(super) fn check(
    rights: &OrgRights,
    ways: &Ways,
    max_alternatives: u64,
    has_mistakes: bool,
    diagnostics: &mut Vec<Diagnostic>,
) -> Judged {
    let Some(watch) = vocabulary().number("live.view") else { return Judged::default() };
    let gatherings = gatherings(rights);
    let mut evaluator = Evaluator::new(rights);
    let doubt = Doubt::new(rights, ways, has_mistakes);
    let mut coverage = Coverage::new(rights, watch, doubt, &gatherings);
    let mut over: BTreeMap<GrantIx, (UserIx, usize)> = BTreeMap::new();
    for (index, class) in rights.statements.classes.iter() {
        if class.owns_org {
            continue;
        }
        if alternatives_at_most(rights, class) > max_alternatives {
            let sums = evaluator.sums_of(index);
            find_over(rights, class, &sums, &evaluator, max_alternatives, &mut over);
        }
        coverage.judge(index, class, &mut evaluator);
    }
    diagnostics
        .extend(over.into_iter().map(|(grant, (user, most))| too_many(rights, grant, user, most, max_alternatives)));
    let lapsed = links(rights, &coverage.doubt, max_alternatives, diagnostics);
    let (errors, rest) = coverage.into_uncovered().into_iter().partition(|found| found.why == Why::NotGranted);
    let errors: Vec<Uncovered> = errors;
    diagnostics.extend(errors.iter().map(|found| found.error(&rights.org)));
    Judged { uncovered: rest, lapsed }
}

/// What lints report of what was judged here.
#[derive(Debug, Default)]
pub(super) struct Judged {
    pub uncovered: Vec<Uncovered>,
    pub lapsed: Vec<LinkIx>,
}

/// A layout or device group with the devices in it that count.
#[derive(Debug)]
pub(super) struct Gathering {
    resource: Resource,
    pub class: ResourceClassIx,
    /// `layout.view` or `device_group.view`.
    pub view: usize,
    /// Its devices by class; what is barred is passed over, since an emergency must compile.
    pub devices: Vec<(ResourceClassIx, Vec<DeviceIx>)>,
}

pub(super) fn gatherings(rights: &OrgRights) -> Vec<Gathering> {
    let org = &rights.org;
    let layouts = org.layouts.iter().filter(|(_, layout)| !layout.broken);
    let layouts = layouts.map(|(index, _)| (Resource::Layout(index), "layout.view"));
    let groups = org.device_groups.iter().filter(|(_, group)| !group.broken);
    let groups = groups.map(|(index, _)| (Resource::DeviceGroup(index), "device_group.view"));
    let mut gatherings = Vec::new();
    for (resource, view) in layouts.chain(groups) {
        let Some(view) = vocabulary().number(view) else { continue };
        let containment = &rights.graph.containment;
        let mut devices: BTreeMap<ResourceClassIx, Vec<DeviceIx>> = BTreeMap::new();
        for device in containment.devices_of(resource) {
            let class = rights.resources.class_of[containment.index(Resource::Device(device))];
            if !rights.resources.classes[class].standing.barred {
                devices.entry(class).or_default().push(device);
            }
        }
        let class = rights.resources.class_of[containment.index(resource)];
        gatherings.push(Gathering { resource, class, view, devices: devices.into_iter().collect() });
    }
    gatherings
}

/// Why something is wrong, with how view and access part where that is why.
type Wrong = (Why, Option<Arc<Differing>>);

/// What is wrong: the gathering, why, the grant that shows it, and the devices.
type FindingKey = (usize, Wrong, GrantIx, Vec<DeviceIx>);

/// For whom it is wrong.
type Findings = BTreeMap<FindingKey, Vec<UserIx>>;

struct Coverage<'r> {
    rights: &'r OrgRights,
    watch: usize,
    doubt: Doubt<'r>,
    findings: Findings,
    gatherings: &'r [Gathering],
    unclear: Unclear<'r>,
}

/// "Under some condition", syntactically: given by some grant, and by no denial without any condition.
fn holds(sum: &Sum, capability: usize) -> bool {
    sum.granted.has(capability) && !sum.denied.has(capability)
}

/// What comes to somebody on a class of resources, of what was asked for.
fn found_at(sums: &[(ResourceClassIx, SumIx)], class: ResourceClassIx) -> Option<SumIx> {
    let at = sums.binary_search_by_key(&class, |(class, _)| *class).ok()?;
    sums.get(at).map(|(_, sum)| *sum)
}

impl<'r> Coverage<'r> {
    fn new(rights: &'r OrgRights, watch: usize, doubt: Doubt<'r>, gatherings: &'r [Gathering]) -> Coverage<'r> {
        let unclear = Unclear::new(rights, watch, gatherings);
        Coverage { rights, watch, doubt, findings: BTreeMap::new(), gatherings, unclear }
    }

    fn judge(&mut self, index: SubjectClassIx, class: &SubjectClass, evaluator: &mut Evaluator<'_>) {
        let unclear = self.unclear.of_class(class);
        if unclear.is_empty() {
            return;
        }
        let unclear = unclear.into_iter().filter_map(|number| Some((number, self.gatherings.get(number)?)));
        let unclear: Vec<(usize, &Gathering)> = unclear.collect();
        let views = evaluator.sums_at(index, unclear.iter().map(|(_, gathering)| gathering.class).collect());
        let shown = unclear.into_iter().filter_map(|(number, gathering)| {
            let view = found_at(&views, gathering.class)?;
            holds(evaluator.sum(view), gathering.view).then_some((number, gathering, view))
        });
        let shown: Vec<(usize, &Gathering, SumIx)> = shown.collect();
        let devices = shown.iter().flat_map(|(_, gathering, _)| gathering.devices.iter().map(|(class, _)| *class));
        let access = evaluator.sums_at(index, devices.collect());
        for (number, gathering, view) in shown {
            for (why, devices) in self.missing(gathering, evaluator.sum(view), &access, evaluator) {
                self.find(number, gathering, why, devices, index, class);
            }
        }
    }

    /// The devices of a gathering that whoever has this view of it may not watch, by why.
    fn missing(
        &self,
        gathering: &Gathering,
        view: &Sum,
        access: &[(ResourceClassIx, SumIx)],
        evaluator: &Evaluator<'_>,
    ) -> BTreeMap<Wrong, Vec<DeviceIx>> {
        let nothing = Sum::default();
        let mut missing: BTreeMap<Wrong, Vec<DeviceIx>> = BTreeMap::new();
        for (class, devices) in &gathering.devices {
            let access = found_at(access, *class).map_or(&nothing, |sum| evaluator.sum(sum));
            let why = if !access.granted.has(self.watch) {
                (Why::NotGranted, None)
            } else if access.denied.has(self.watch) {
                (Why::Denied, None)
            } else if self.covers(view, gathering.view, access) {
                continue;
            } else {
                let holds = Held::of(&view.right, gathering.view);
                let lacks = Held::of(&access.right, self.watch);
                (Why::Conditions, Some(Arc::new(Differing { holds, lacks })))
            };
            missing.entry(why).or_default().extend(devices);
        }
        missing
    }

    /// Whether each alternative of the view lies in one of the access, and no conditional denial stands on either.
    fn covers(&self, view: &Sum, view_capability: usize, access: &Sum) -> bool {
        let Some(shown) = view.right.alternatives(view_capability) else { return true };
        let Some(watched) = access.right.alternatives(self.watch) else { return false };
        let conditions = &self.rights.conditions;
        !view.right.is_limited(view_capability)
            && !access.right.is_limited(self.watch)
            && shown.iter().all(|shown| watched.iter().any(|watched| conditions.lies_in(*shown, *watched)))
    }

    fn find(
        &mut self,
        number: usize,
        gathering: &Gathering,
        why: Wrong,
        mut devices: Vec<DeviceIx>,
        index: SubjectClassIx,
        class: &SubjectClass,
    ) {
        let Some(shown_by) = giving(self.rights, class, gathering.class, gathering.view).first().copied() else {
            return;
        };
        devices.sort_unstable();
        let grant = self.rights.statements.all[shown_by].grant;
        for user in &class.members {
            let mut sure = devices.clone();
            sure.retain(|device| !self.doubt.holds(index, *user, *device, grant));
            if !sure.is_empty() {
                self.findings.entry((number, why.clone(), grant, sure)).or_default().push(*user);
            }
        }
    }

    /// What was found, with all that tells of it.
    fn into_uncovered(self) -> Vec<Uncovered> {
        let tell = |((number, (why, differing), grant, devices), users): (FindingKey, Vec<UserIx>)| {
            let gathering = self.gatherings.get(number)?;
            let rights = self.rights;
            let at = uncovered::scope_span(rights, grant, gathering.class);
            let first = users.first().zip(devices.first());
            let in_the_way = first.and_then(|(user, device)| uncovered::in_the_way(rights, self.watch, *user, *device));
            let gathering = gathering.resource;
            Some(Uncovered { gathering, why, shown_at: at, devices, users, differing, in_the_way })
        };
        self.findings.into_iter().filter_map(tell).collect()
    }
}

/// The grants by which a class of subjects holds a capability on a class of resources.
fn giving(rights: &OrgRights, class: &SubjectClass, resource: ResourceClassIx, capability: usize) -> Vec<StatementIx> {
    let kind = rights.resources.classes[resource].standing.kind;
    let gives = |index: &StatementIx| {
        !rights.statements.all[*index].denial
            && rights.statements.capabilities_on(*index, resource, kind).has(capability)
    };
    class.statements.iter().map(|(index, _)| *index).filter(gives).collect()
}

/// No right of the class can have more alternatives than its statements have together.
fn alternatives_at_most(rights: &OrgRights, class: &SubjectClass) -> u64 {
    let grants = class.statements.iter().filter(|(index, _)| !rights.statements.all[*index].denial);
    grants.map(|(_, set)| rights.statements.set(*set).len() as u64).sum()
}

fn find_over(
    rights: &OrgRights,
    class: &SubjectClass,
    sums: &[(ResourceClassIx, SumIx)],
    evaluator: &Evaluator<'_>,
    max_alternatives: u64,
    over: &mut BTreeMap<GrantIx, (UserIx, usize)>,
) {
    for (resource, sum) in sums {
        let sum = evaluator.sum(*sum);
        if sum.most_alternatives as u64 <= max_alternatives {
            continue;
        }
        let items = sum.right.allow_when.iter().filter(|item| item.when.len() as u64 > max_alternatives);
        let capability = items.flat_map(|item| item.capabilities.iter()).next();
        let first = capability.and_then(|capability| giving(rights, class, *resource, capability).first().copied());
        if let (Some(statement), Some(user)) = (first, class.members.first()) {
            let grant = rights.statements.all[statement].grant;
            let most = over.entry(grant).or_insert((*user, 0));
            most.1 = most.1.max(sum.most_alternatives);
        }
    }
}

fn too_many(rights: &OrgRights, grant: GrantIx, user: UserIx, most: usize, budget: u64) -> Diagnostic {
    let user = &rights.org.users[user].id;
    let found = format!("`{user}` holds one right under {most} alternatives, and the limit is {budget}");
    Diagnostic::new(&rules::TOO_MANY_ALTERNATIVES, rights.org.grants[grant].span, found)
        .label("one of the grants that give it")
        .help("grant it under fewer conditions, or raise the limit with `--max-alternatives`")
}

/// Links with too many alternatives; gives those of which it is sure that they have lapsed.
fn links(
    rights: &OrgRights,
    doubt: &Doubt<'_>,
    max_alternatives: u64,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<LinkIx> {
    let mut lapsed = Vec::new();
    for given in &rights.links {
        let link = &rights.org.links[given.link];
        if given.most_alternatives as u64 > max_alternatives {
            let found = format!(
                "the link `{}` gives one right under {} alternatives, and the limit is {max_alternatives}",
                link.id, given.most_alternatives,
            );
            diagnostics.push(
                Diagnostic::new(&rules::TOO_MANY_ALTERNATIVES, link.span, found)
                    .help("give its maker fewer grants with dates, or raise the limit with `--max-alternatives`"),
            );
        }
        if given.is_lapsed()
            && let Some((maker, _)) = link.created_by
            && !link.devices.iter().any(|(device, _)| doubt.of_access(maker, *device))
        {
            lapsed.push(given.link);
        }
    }
    lapsed
}
