//! The whole way of the data, from top to bottom: text → tree → declarations → names → graphs → rights →
//! lints.
//!
//! Every stage is a pure function over plain data, and every stage runs, whatever the one before it found: so that one
//! run reports everything. What is handed on at the end is a policy without mistakes, or none.

mod budgets;
pub mod files;
mod levels;
mod manifest;

pub use budgets::BudgetFlags;

use std::collections::BTreeMap;

use self::levels::Levels;
use crate::diagnostics::{self, Diagnostic, Level};
use crate::effective::{self, Effective};
use crate::graph;
use crate::lint;
use crate::model::{self, Budgets, Policy};
use crate::source::{self, FileId, MANIFEST, Sources, World};
use crate::syntax::{self, Identities, Tree};

/// What the command line may say.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Budgets that it sets; they win over the manifest's.
    pub budgets: BudgetFlags,
    /// Levels of lints by name, or of `warnings`, in the order given; they win over the manifest's.
    pub levels: Vec<(String, Level)>,
    /// The time, in seconds since 1970, for the lints that look at the clock; without it they say nothing.
    pub now: Option<i64>,
    /// Whether only those lints are run whose findings leave no policy: for who wants an answer and no review.
    pub only_stopping: bool,
}

/// What a policy compiled to.
#[derive(Debug)]
pub struct Compiled {
    /// Its texts.
    pub sources: Sources,
    /// What was found, sorted, at the levels that hold in this run; what is allowed is left out.
    pub diagnostics: Vec<Diagnostic>,
    /// Its rights; none where anything of level deny was found.
    pub policy: Option<Effective>,
    /// The budgets in force.
    pub budgets: Budgets,
}

/// Compiles a policy.
#[must_use]
pub fn compile(world: &dyn World, options: &Options) -> Compiled {
    let listing = options.budgets.list(world);
    let world = &manifest::Once::read(world, &listing, &options.budgets);
    let mut manifest = manifest::read(world, &listing, &options.budgets);
    let budgets = options.budgets.over(manifest.settings.budgets);

    let manifest_path = listing.has_manifest.then_some(MANIFEST);
    let (mut sources, troubles) = source::load(world, listing, budgets.files());
    let mut found = manifest.place(&mut sources);
    let settings = manifest.settings;
    found.extend(troubles.iter().map(|(file, trouble)| files::report(trouble, *file, &sources)));

    let trees = parse(&sources, manifest_path, budgets, &mut found);
    let documents = read(&trees, budgets, &mut found);
    let (policy, mistakes) = {
        let shape_mistakes = places(&found);
        let context = model::Context { hidden: !troubles.is_empty(), shape_mistakes: &shape_mistakes };
        model::resolve(&documents, context)
    };
    found.extend(mistakes);
    let effective = rights(policy, budgets, &mut found);
    let levels = Levels::new(&settings.lints, &options.levels, options.only_stopping);
    let known =
        lint::Settings { now: options.now, max_link_days: settings.max_link_days, mail_domains: settings.mail_domains };
    lints(&effective, &sources, &known, &levels, &trees, &mut found);

    drop(documents);
    levels.apply(&mut found);
    identify(&trees, &mut found);
    drop(trees);
    diagnostics::sort(&mut found, &sources);
    let failed = found.iter().any(Diagnostic::stops);
    Compiled { sources, diagnostics: found, policy: (!failed).then_some(effective), budgets }
}

/// Files → trees.
fn parse<'t>(
    sources: &'t Sources,
    manifest: Option<&str>,
    budgets: Budgets,
    found: &mut Vec<Diagnostic>,
) -> Vec<(FileId, Tree<'t>)> {
    let readable = sources.iter().filter(|(_, file)| file.readable && Some(&*file.path) != manifest);
    readable
        .map(|(id, file)| {
            let (tree, mistakes) = syntax::parse(id, &file.text, budgets.depth());
            found.extend(mistakes);
            (id, tree)
        })
        .collect()
}

/// Trees → typed declarations.
fn read<'t>(
    trees: &'t [(FileId, Tree<'t>)],
    budgets: Budgets,
    found: &mut Vec<Diagnostic>,
) -> Vec<syntax::PolicyDocument<'t>> {
    let mut documents = Vec::new();
    for (file, tree) in trees {
        let read = syntax::policy_file(tree, *file, budgets.reading());
        documents.extend(read.documents);
        found.extend(read.diagnostics);
    }
    documents
}

/// Names → graphs → rights, organisation by organisation: they know nothing of one another.
fn rights(policy: Policy, budgets: Budgets, found: &mut Vec<Diagnostic>) -> Effective {
    let mut orgs = Vec::with_capacity(policy.orgs.len());
    for org in policy.orgs {
        let (graph, circles) = graph::build(&org);
        found.extend(circles);
        let has_mistakes = found.iter().any(Diagnostic::is_error);
        let (rights, findings) = effective::compute(org, graph, budgets.max_alternatives, has_mistakes);
        found.extend(findings);
        orgs.push(rights);
    }
    Effective { orgs }
}

/// Rights → lints, as far as somebody wants to hear them and no comment quiets them.
fn lints(
    policy: &Effective,
    sources: &Sources,
    settings: &lint::Settings,
    levels: &Levels<'_>,
    trees: &[(FileId, Tree<'_>)],
    found: &mut Vec<Diagnostic>,
) {
    let has_errors = found.iter().any(|diagnostic| diagnostic.rule.name.is_none());
    let mut findings = lint::Findings::default();
    lint::run(policy, sources, settings, has_errors, levels, &mut findings);
    found.extend(findings.into_diagnostics(trees));
    lint::quiet(trees, levels, has_errors, found);
}

/// Says of each finding what its place is, whatever its line.
fn identify(trees: &[(FileId, Tree<'_>)], found: &mut [Diagnostic]) {
    let trees: BTreeMap<FileId, &Tree<'_>> = trees.iter().map(|(file, tree)| (*file, tree)).collect();
    let mut identities = BTreeMap::new();
    for diagnostic in found {
        let file = diagnostic.span.file;
        let Some(tree) = trees.get(&file) else { continue };
        let places = identities.entry(file).or_insert_with(|| Identities::new(tree));
        diagnostic.about = places.at(diagnostic.span.start);
    }
}

/// Where mistakes were found so far, sorted.
fn places(found: &[Diagnostic]) -> Vec<(FileId, u32)> {
    let mut places: Vec<_> = found.iter().map(|d| (d.span.file, d.span.start)).collect();
    places.sort_unstable();
    places
}
