//! Fills the folder of `--split recorder`: all slices are complete before the first one is put into its place, and the
//! list of sums comes last.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use camgrant::emit::table::{self, Selection, TableOptions};
use camgrant::source::disk::slashed;

use super::exit::Failure;
use super::output::{StageFault, Staged, Target, named};
use super::place::{Made, folder_of};
use super::slices::{self, Summing, Sums};

/// How a policy is split.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Split<'a> {
    pub(crate) options: TableOptions,
    /// The only organisation that is asked for.
    pub(crate) org: Option<&'a str>,
    /// Bytes of one slice.
    pub(crate) limit: Option<u64>,
}

impl Split<'_> {
    /// The slices that differ from what the folder holds, what empties those that are gone, and last the list of sums.
    pub(crate) fn stage(
        &self,
        selection: &Selection<'_>,
        folder: &Path,
        made: &mut Made,
    ) -> Result<Vec<Staged>, StageFault> {
        let old = old_sums(folder)?;
        let mut filling = Filling { folder, old: &old, new: Sums::new(), made, staged: Vec::new() };
        for slice in table::slices(selection) {
            let write = |out: &mut dyn Write| table::write(&slice.selection, self.options, out);
            filling.add(&slice.path, self.limit, &write)?;
        }
        let TableOptions { layout, compact_json } = self.options;
        let gone = slices::gone(&old, &filling.new, self.org, layout, compact_json);
        for (path, content) in gone.emptied {
            filling.add(&path, None, &|out: &mut dyn Write| out.write_all(content.as_bytes()))?;
        }
        let Filling { mut new, mut staged, .. } = filling;
        new.extend(gone.kept);
        let sums = slices::format(&new);
        let path = Target::Own(folder.join(slices::SUMS));
        staged.push(Staged::write(&path, None, |out| out.write_all(sums.as_bytes()))?);
        Ok(staged)
    }
}

/// Whether a file is where a folder of slices has a slice, or its list of sums.
pub(crate) fn holds(folder: &Path, file: &Path) -> bool {
    let whole = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let file = whole(folder_of(file)).join(file.file_name().unwrap_or_default());
    let inside = file.strip_prefix(whole(folder)).map(slashed);
    inside.is_ok_and(|path| path == slices::SUMS || slices::is_slice(&path))
}

/// The sums of the last run, if there was one.
fn old_sums(folder: &Path) -> Result<Sums, Failure> {
    let path = folder.join(slices::SUMS);
    let text = match read_sums(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Sums::new()),
        Err(error) => return Err(Failure::input(&named(&path), &error)),
    };
    slices::parse(&text).map_err(|fault| {
        let help = "it says which slices have to be emptied; mend it, or write to another folder";
        Failure::new(format!("{} cannot be read: {fault}", named(&path))).help(Some(help.to_owned()))
    })
}

fn read_sums(path: &Path) -> io::Result<String> {
    let there = fs::symlink_metadata(path)?;
    if !there.is_file() {
        return Err(io::Error::other("it is no regular file"));
    }
    if there.len() > slices::MAX_SUMS {
        return Err(io::Error::other(format!("it has more than {} bytes", slices::MAX_SUMS)));
    }
    fs::read_to_string(path)
}

/// The folder while it is filled.
struct Filling<'f> {
    folder: &'f Path,
    old: &'f Sums,
    new: Sums,
    made: &'f mut Made,
    staged: Vec<Staged>,
}

impl Filling<'_> {
    fn add(
        &mut self,
        path: &str,
        limit: Option<u64>,
        write: &dyn Fn(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), StageFault> {
        let file = self.folder.join(path);
        if let Some(folder) = file.parent() {
            self.made.folder(folder).map_err(|error| Failure::output(&named(&file), &error))?;
            if folder.is_symlink() && folder != self.folder {
                let help = "put a folder there, or write to another one: nothing below it is written through links";
                return Err(Failure::new(format!("{} is a link", named(folder))).help(Some(help.to_owned())).into());
            }
        }
        let mut summing = Summing::default();
        let tee = |out: &mut dyn Write| write(&mut Tee { out, summing: &mut summing });
        let staged = Staged::write(&Target::Own(file.clone()), limit, tee)?;
        let sum = summing.finish();
        let unchanged =
            self.old.get(path) == Some(&sum) && File::open(&file).and_then(slices::sum).is_ok_and(|there| there == sum);
        self.new.insert(path.to_owned(), sum);
        if !unchanged {
            self.staged.push(staged);
        }
        Ok(())
    }
}

/// Writes, and sums up what was written.
struct Tee<'t> {
    out: &'t mut dyn Write,
    summing: &'t mut Summing,
}

impl Write for Tee<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.summing.feed(bytes.get(..written).unwrap_or(bytes));
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
