//! What an interrupted run must not leave behind. In come the temporary files and folders as they are made; where the
//! system ends the program by a signal, they are removed first, and the program ends by that signal as if there were
//! nothing to remove. While finished files are moved to where they belong, a signal waits: all of them get there.
//!
//! On Unix. Elsewhere, and where the program is killed outright, a file `.camgrant-….tmp` may stay, which nothing reads.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What has been made so far. What has become a result since, or is gone, is harmless here: no file has its temporary
/// name any more, and a folder with something in it is not removed.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    watched: bool,
    files: Vec<PathBuf>,
    folders: Vec<PathBuf>,
}

static PENDING: Mutex<Pending> = Mutex::new(Pending { watched: false, files: Vec::new(), folders: Vec::new() });

/// Makes signals wait until the guard is dropped.
pub(crate) fn hold() -> MutexGuard<'static, Pending> {
    // what is in it is right at any time
    PENDING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes a temporary file; no signal can come between its making and its being known here.
pub(crate) fn file<T: AsRef<Path>>(make: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    let mut pending = watched()?;
    let made = make()?;
    pending.files.push(made.as_ref().to_path_buf());
    Ok(made)
}

/// Makes a folder, as [`file`].
pub(crate) fn folder(path: &Path) -> io::Result<()> {
    let mut pending = watched()?;
    fs::create_dir(path)?;
    pending.folders.push(path.to_path_buf());
    Ok(())
}

fn watched() -> io::Result<MutexGuard<'static, Pending>> {
    let mut pending = hold();
    if !pending.watched {
        watch()?;
        pending.watched = true;
    }
    Ok(pending)
}

#[cfg(unix)]
impl Pending {
    fn remove(&self) {
        for file in &self.files {
            let _ = fs::remove_file(file);
        }
        for folder in self.folders.iter().rev() {
            let _ = fs::remove_dir(folder); // whoever put something into it may keep it
        }
    }
}

/// Waits for a signal from now on, in a thread of its own.
#[cfg(unix)]
fn watch() -> io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let ignored = ignored();
    let ends = [SIGINT, SIGTERM, SIGHUP].into_iter().filter(|signal| !ignored.contains(signal));
    let mut signals = signal_hook::iterator::Signals::new(ends)?;
    let wait = move || {
        if let Some(signal) = signals.forever().next() {
            let pending = hold(); // to the end: nothing new is made
            pending.remove();
            let _ = signal_hook::low_level::emulate_default_handler(signal);
        }
    };
    std::thread::Builder::new().name("interrupt".to_owned()).spawn(wait)?;
    Ok(())
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "as where there are signals")]
fn watch() -> io::Result<()> {
    Ok(())
}

/// Calls `end` in place of ending the program, the first time that somebody interrupts it. The second time it ends.
#[cfg(unix)]
pub(crate) fn instead(end: impl FnOnce() + Send + 'static) -> io::Result<()> {
    use signal_hook::consts::{SIGINT, SIGTERM};
    let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM])?;
    let wait = move || {
        let mut interrupts = signals.forever();
        if interrupts.next().is_some() {
            end();
        }
        if let Some(signal) = interrupts.next() {
            let _ = signal_hook::low_level::emulate_default_handler(signal);
        }
    };
    std::thread::Builder::new().name("interrupt".to_owned()).spawn(wait)?;
    Ok(())
}

/// Where there are no signals, the system ends the program.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "as where there are signals")]
pub(crate) fn instead(_end: impl FnOnce() + Send + 'static) -> io::Result<()> {
    Ok(())
}

/// The signals that whoever started the program wants ignored, such as `nohup`; known on Linux alone.
#[cfg(unix)]
fn ignored() -> Vec<i32> {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    (1..=64).zip(0_u32..).filter(|(_, bit)| (mask >> bit) & 1 == 1).map(|(signal, _)| signal).collect()
}

/// Makes a file beyond the size that the shell allows (`ulimit -f`) a failed output like any other. By default it would
/// be the end of the program, in the middle of writing.
pub(crate) fn outlive_size_limits() {
    #[cfg(unix)]
    {
        // that it came is seen by the write that fails
        let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, std::sync::Arc::default());
    }
}
