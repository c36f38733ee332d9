//! Coverage (`semantics §5`): whoever may open a layout or see a device group may watch every device in it. With it
//! the other findings that need rows: too many alternatives, and links that give nothing.

use std::collections::BTreeMap;

use super::OrgRights;
use super::doubt::Doubt;
use super::resources::ResourceClassIx;
use super::right::Sum;
use super::rows::{Evaluator, SumIx};
use super::rules;
use super::statements::{StatementIx, SubjectClass, SubjectClassIx};
use super::targets::Aim;
use super::ways::Ways;
use crate::diagnostics::{Diagnostic, Rule};
use crate::graph::Resource;
use crate::model::{Arena, DeviceIx, GrantIx, UserIx};
use crate::source::Span;
use crate::vocabulary::{CapabilitySet, vocabulary};

pub(super) fn check(
    rights: &OrgRights,
    ways: &Ways,
    max_alternatives: u64,
    has_mistakes: bool,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let Some(watch) = vocabulary().number("live.view") else { return };
    let gatherings = gatherings(rights);
    let opens: CapabilitySet = gatherings.iter().map(|g| CapabilitySet::one(g.view)).collect();
    let mut evaluator = Evaluator::new(rights);
    let doubt = Doubt::new(rights, ways, has_mistakes);
    let mut coverage = Coverage { rights, watch, doubt, findings: BTreeMap::new() };
    let mut over: BTreeMap<GrantIx, (UserIx, usize)> = BTreeMap::new();
    for (index, class) in rights.statements.classes.iter() {
        let shown = class
            .statements
            .iter()
            .any(|(statement, _)| !(rights.statements.all[*statement].capabilities & opens).is_empty());
        let many = alternatives_at_most(rights, class) > max_alternatives;
        if class.owns_org || !(shown || many) {
            continue;
        }
        let sums = evaluator.sums_of(index);
        if many {
            find_over(rights, class, &sums, &evaluator, max_alternatives, &mut over);
        }
        if shown {
            coverage.judge(index, class, &sums, &evaluator, &gatherings);
        }
    }
    diagnostics
        .extend(over.into_iter().map(|(grant, (user, most))| too_many(rights, grant, user, most, max_alternatives)));
    coverage.report(&gatherings, diagnostics);
    links(rights, &coverage.doubt, max_alternatives, diagnostics);
}

/// A layout or device group with the devices in it that count.
struct Gathering {
    resource: Resource,
    class: ResourceClassIx,
    /// `layout.view` or `device_group.view`.
    view: usize,
    uncovered: &'static Rule,
    /// Its devices by class; what is barred is passed over, since an emergency must compile.
    devices: Vec<(ResourceClassIx, Vec<DeviceIx>)>,
}

fn gatherings(rights: &OrgRights) -> Vec<Gathering> {
    let org = &rights.org;
    let layouts = org.layouts.iter().filter(|(_, layout)| !layout.broken);
    let layouts = layouts.map(|(index, _)| (Resource::Layout(index), "layout.view", &rules::LAYOUT_UNCOVERED));
    let groups = org.device_groups.iter().filter(|(_, group)| !group.broken);
    let groups =
        groups.map(|(index, _)| (Resource::DeviceGroup(index), "device_group.view", &rules::DEVICE_GROUP_UNCOVERED));
    let mut gatherings = Vec::new();
    for (resource, view, uncovered) in layouts.chain(groups) {
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
        gatherings.push(Gathering { resource, class, view, uncovered, devices: devices.into_iter().collect() });
    }
    gatherings
}

/// What is wrong for users who see a gathering: by gathering, rule, the grant that shows it, and the devices.
type Findings = BTreeMap<(usize, &'static str, GrantIx, Vec<DeviceIx>), (&'static Rule, Vec<UserIx>)>;

struct Coverage<'r> {
    rights: &'r OrgRights,
    watch: usize,
    doubt: Doubt<'r>,
    findings: Findings,
}

/// "Under some condition", syntactically: given by some grant, and by no denial without any condition.
fn holds(sum: &Sum, capability: usize) -> bool {
    sum.granted.has(capability) && !sum.denied.has(capability)
}

impl Coverage<'_> {
    fn judge(
        &mut self,
        index: SubjectClassIx,
        class: &SubjectClass,
        sums: &[(ResourceClassIx, SumIx)],
        evaluator: &Evaluator<'_>,
        gatherings: &[Gathering],
    ) {
        let mut by_class: Arena<ResourceClassIx, Option<SumIx>> =
            self.rights.resources.classes.iter().map(|_| None).collect();
        for (class, sum) in sums {
            by_class[*class] = Some(*sum);
        }
        let nothing = Sum::default();
        for (number, gathering) in gatherings.iter().enumerate() {
            let Some(view) = by_class[gathering.class].map(|sum| evaluator.sum(sum)) else { continue };
            if !holds(view, gathering.view) {
                continue;
            }
            let mut missing: BTreeMap<&'static str, (&'static Rule, Vec<DeviceIx>)> = BTreeMap::new();
            for (device_class, devices) in &gathering.devices {
                let access = by_class[*device_class].map_or(&nothing, |sum| evaluator.sum(sum));
                let rule = if !access.granted.has(self.watch) {
                    gathering.uncovered
                } else if access.denied.has(self.watch) {
                    &rules::VIEW_OVER_DENIED
                } else if self.covers(view, gathering.view, access) {
                    continue;
                } else {
                    &rules::CONDITION_NOT_COVERED
                };
                missing.entry(rule.code).or_insert_with(|| (rule, Vec::new())).1.extend(devices);
            }
            for (code, (rule, devices)) in missing {
                self.find(number, gathering, code, rule, devices, index, class);
            }
        }
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

    #[allow(clippy::too_many_arguments)]
    fn find(
        &mut self,
        number: usize,
        gathering: &Gathering,
        code: &'static str,
        rule: &'static Rule,
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
                let key = (number, code, grant, sure);
                self.findings.entry(key).or_insert_with(|| (rule, Vec::new())).1.push(*user);
            }
        }
    }

    fn report(&self, gatherings: &[Gathering], diagnostics: &mut Vec<Diagnostic>) {
        for ((number, _, grant, devices), (rule, users)) in &self.findings {
            if let Some(gathering) = gatherings.get(*number) {
                diagnostics.push(self.tell(gathering, rule, *grant, devices, users));
            }
        }
    }

    fn tell(
        &self,
        gathering: &Gathering,
        rule: &'static Rule,
        grant: GrantIx,
        devices: &[DeviceIx],
        users: &[UserIx],
    ) -> Diagnostic {
        let org = &self.rights.org;
        let who = listed(users.iter().map(|user| &*org.users[*user].id), "user");
        let what = listed(devices.iter().map(|device| &*org.devices[*device].id), "device");
        let (thing, id, span) = match gathering.resource {
            Resource::Layout(layout) => ("the layout", &org.layouts[layout].id, org.layouts[layout].span),
            Resource::DeviceGroup(group) => {
                ("the device group", &org.device_groups[group].id, org.device_groups[group].span)
            }
            _ => ("what", &org.id, org.span),
        };
        let verb = if thing == "the layout" { "open" } else { "see" };
        let (found, help) = if rule.code == rules::CONDITION_NOT_COVERED.code {
            (
                format!("{who} may {verb} {thing} `{id}` at times or from places at which {what} may not be watched"),
                format!(
                    "give `live.view` there under conditions as wide as those of {thing}, or narrow those of {thing}"
                ),
            )
        } else if rule.code == rules::VIEW_OVER_DENIED.code {
            (
                format!("{who} may {verb} {thing} `{id}`, and {what} in it is denied"),
                format!("deny {thing} too, or take what is denied out of it"),
            )
        } else {
            (
                format!("{who} may {verb} {thing} `{id}`, and not watch {what} in it"),
                format!("grant `live.view` there too, or do not show {thing}"),
            )
        };
        let at = self.scope_span(grant, gathering);
        let mut diagnostic =
            Diagnostic::new(rule, at, found).label("shown by this").other(span, "declared here").help(help);
        if let (Some(user), Some(device)) = (users.first(), devices.first()) {
            let declared = &org.devices[*device];
            diagnostic = diagnostic.other(declared.span, "in it");
            if let Some((span, label)) = self.in_the_way(*user, *device) {
                diagnostic = diagnostic.other(span, label);
            }
        }
        diagnostic
    }

    /// The item of the grant's scope that reaches the gathering.
    fn scope_span(&self, grant: GrantIx, gathering: &Gathering) -> Span {
        let grant = &self.rights.org.grants[grant];
        let standing = &self.rights.resources.classes[gathering.class].standing;
        let reaching = grant.scope.iter().find(|(scope, _)| {
            let mut alone = grant.clone();
            alone.scope = vec![(*scope, grant.span)];
            Aim::of(&alone).takes(&self.rights.org, standing)
        });
        reaching.map_or(grant.span, |(_, span)| *span)
    }

    /// What keeps a user from watching a device: a denial, or an `only` that leaves it out.
    fn in_the_way(&self, user: UserIx, device: DeviceIx) -> Option<(Span, &'static str)> {
        let rights = self.rights;
        let resource = rights.graph.containment.index(Resource::Device(device));
        let class = rights.resources.class_of[resource];
        let standing = &rights.resources.classes[class].standing;
        let subjects = &rights.statements.classes[rights.statements.class_of[user]?];
        for (index, _) in &subjects.statements {
            let statement = &rights.statements.all[*index];
            if !statement.capabilities.has(self.watch) {
                continue;
            }
            let grant = &rights.org.grants[statement.grant];
            let target = &rights.statements.targets.targets[statement.target];
            if statement.denial {
                if target.classes.binary_search(&class).is_ok() {
                    return Some((grant.span, "denied here"));
                }
            } else if grant.only.is_some() {
                let mut wider = grant.clone();
                wider.only = None;
                if Aim::of(&wider).takes(&rights.org, standing) && target.classes.binary_search(&class).is_err() {
                    return Some((grant.span, "this grant's `only` leaves it out"));
                }
            }
        }
        None
    }
}

/// The grants by which a class of subjects holds a capability on a class of resources.
fn giving(rights: &OrgRights, class: &SubjectClass, resource: ResourceClassIx, capability: usize) -> Vec<StatementIx> {
    let kind = rights.resources.classes[resource].standing.kind;
    let gives = |index: &StatementIx| {
        let statement = &rights.statements.all[*index];
        let target = &rights.statements.targets.targets[statement.target];
        !statement.denial
            && (statement.capabilities & target.mask(kind)).has(capability)
            && target.classes.binary_search(&resource).is_ok()
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

fn links(rights: &OrgRights, doubt: &Doubt<'_>, max_alternatives: u64, diagnostics: &mut Vec<Diagnostic>) {
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
            && let Some((maker, span)) = link.created_by
            && !link.devices.iter().any(|(device, _)| doubt.of_access(maker, *device))
        {
            diagnostics.push(lapsed(rights, &link.id, maker, link.span, span));
        }
    }
}

fn lapsed(rights: &OrgRights, link: &str, maker: UserIx, span: Span, at: Span) -> Diagnostic {
    let user = &rights.org.users[maker];
    let why = match user.disabled {
        Some(true) => "is disabled",
        _ => "holds nothing of it that may be shared while the link is open",
    };
    Diagnostic::new(
        &rules::LAPSED_LINK,
        span,
        format!("the link `{link}` gives nothing: its maker `{}` {why}", user.id),
    )
    .other(at, "who answers for it")
    .help("name a maker who holds `link.share` and what the link shows on these devices, or remove the link")
}

/// A few names, and how many more.
fn listed<'n>(names: impl ExactSizeIterator<Item = &'n str>, word: &str) -> String {
    const SHOWN: usize = 3;
    let more = names.len().saturating_sub(SHOWN);
    let mut text = names.take(SHOWN).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    match more {
        0 => {}
        1 => text.push_str(&format!(" and 1 more {word}")),
        more => text.push_str(&format!(" and {more} more {word}s")),
    }
    text
}
