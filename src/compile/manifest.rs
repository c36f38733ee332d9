//! The manifest, which is read before everything else, since it can lower the budgets of reading. Its findings get
//! their file's number once all files have one.

use super::BudgetFlags;
use crate::diagnostics::Diagnostic;
use crate::model::{self, Budgets, ManifestSettings};
use crate::source::{self, FileId, Listing, MANIFEST, SourceFile, Sources, Span, World};
use crate::syntax;

/// Puts the findings to the manifest's number among all files.
pub(super) fn place(mut found: Vec<Diagnostic>, sources: &Sources) -> Vec<Diagnostic> {
    let file = sources.iter().find(|(_, file)| file.path == MANIFEST).map_or(FileId(0), |(id, _)| id);
    let place = |span: &mut Span| span.file = file;
    for diagnostic in &mut found {
        place(&mut diagnostic.span);
        diagnostic.others.iter_mut().for_each(|(span, _)| place(span));
        diagnostic.fix.iter_mut().flat_map(|fix| &mut fix.edits).for_each(|(span, _)| place(span));
    }
    found
}

/// Reads the manifest, if there is one: its settings, and what is wrong with it.
pub(super) fn read(world: &dyn World, listing: &Listing, flags: &BudgetFlags) -> (ManifestSettings, Vec<Diagnostic>) {
    let nothing = || (ManifestSettings::default(), Vec::new());
    if !listing.has_manifest {
        return nothing();
    }
    let budgets = flags.over(Budgets::default());
    // a manifest that cannot be read is reported with all the other files
    let Ok(file) = source::read_one(world, MANIFEST, budgets.max_file_bytes) else { return nothing() };
    let SourceFile { text, .. } = file;
    let (tree, mut diagnostics) = syntax::parse(FileId(0), &text, budgets.depth());
    let (manifest, mistakes) = syntax::manifest(&tree, FileId(0), budgets.reading());
    diagnostics.extend(mistakes);
    let settings = manifest.map(|manifest| {
        let (settings, mistakes) = model::manifest(&manifest);
        diagnostics.extend(mistakes);
        settings
    });
    (settings.unwrap_or_default(), diagnostics)
}
