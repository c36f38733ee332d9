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

/// What the manifest says.
#[derive(Default)]
pub(super) struct Manifest {
    pub settings: ManifestSettings,
    /// The manifest itself, where it could be read.
    file: Option<SourceFile>,
    /// What is wrong with it; the file has no number yet.
    found: Vec<Diagnostic>,
}

impl Manifest {
    /// What is wrong with it, at its number among all files. It is shown with its text also where its own limits keep
    /// it from being read among them: no other file may stand in for it.
    pub(super) fn place(&mut self, sources: &mut Sources) -> Vec<Diagnostic> {
        let mut found = std::mem::take(&mut self.found);
        let Some(file) = self.file.take().filter(|_| !found.is_empty()) else { return found };
        let file = sources.keep(file);
        let place = |span: &mut Span| span.file = file;
        for diagnostic in &mut found {
            place(&mut diagnostic.span);
            diagnostic.others.iter_mut().for_each(|(span, _)| place(span));
            diagnostic.fix.iter_mut().flat_map(|fix| &mut fix.edits).for_each(|(span, _)| place(span));
        }
        found
    }
}

/// Reads the manifest, if there is one.
pub(super) fn read(world: &dyn World, listing: &Listing, flags: &BudgetFlags) -> Manifest {
    if !listing.has_manifest {
        return Manifest::default();
    }
    let budgets = flags.over(Budgets::default());
    // a manifest that cannot be read is reported with all the other files
    let Ok(file) = source::read_one(world, MANIFEST, budgets.max_file_bytes) else { return Manifest::default() };
    let (tree, mut found) = syntax::parse(FileId(0), &file.text, budgets.depth());
    let (manifest, mistakes) = syntax::manifest(&tree, FileId(0), budgets.reading());
    found.extend(mistakes);
    let settings = manifest.map(|manifest| {
        let (settings, mistakes) = model::manifest(&manifest);
        found.extend(mistakes);
        settings
    });
    let settings = settings.unwrap_or_default();
    drop(tree);
    Manifest { settings, file: Some(file), found }
}
