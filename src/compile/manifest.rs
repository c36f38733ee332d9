//! The manifest, which is read before everything else, since it can lower the budgets of reading. Its findings get
//! their file's number once all files have one.

use super::BudgetFlags;
use crate::diagnostics::Diagnostic;
use crate::model::{self, Budgets, ManifestSettings};
use crate::source::{self, FaultKind, FileId, Listing, MANIFEST, SourceFile, Sources, Span, World};
use crate::syntax;

/// A world whose manifest is read once. It is needed before everything else and again among all files, and must be the
/// same both times, whatever happens outside: its limits and levels are those of the text that is shown and judged.
pub(super) struct Once<'w> {
    world: &'w dyn World,
    manifest: Option<Result<Vec<u8>, FaultKind>>,
}

impl<'w> Once<'w> {
    /// Reads the manifest, where the listing has one.
    pub(super) fn read(world: &'w dyn World, listing: &Listing, flags: &BudgetFlags) -> Once<'w> {
        let limit = flags.over(Budgets::default()).max_file_bytes;
        let manifest = listing.has_manifest.then(|| world.read(MANIFEST, source::readable(limit)));
        Once { world, manifest }
    }
}

impl World for Once<'_> {
    fn list(&self, max_files: usize) -> Listing {
        self.world.list(max_files)
    }

    fn read(&self, path: &str, max_bytes: u64) -> Result<Vec<u8>, FaultKind> {
        match &self.manifest {
            Some(Ok(bytes)) if path == MANIFEST && bytes.len() as u64 > max_bytes => {
                Err(FaultKind::TooLarge { limit: max_bytes })
            }
            Some(manifest) if path == MANIFEST => manifest.clone(),
            _ => self.world.read(path, max_bytes),
        }
    }
}

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
