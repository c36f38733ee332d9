//! What a piece of work costs. In: the work. Out: seconds of the processor, which other work on the machine does not add
//! to; where the system does not tell them, seconds on the wall.

use std::time::Instant;

/// Runs the work as often as it takes to have a quarter of a second, and answers with what it costs once.
pub(crate) fn cost(mut work: impl FnMut() -> Result<u64, String>) -> Result<(f64, u64), String> {
    let start = now();
    let mut rounds = 0u32;
    loop {
        let answer = work()?;
        rounds += 1;
        let spent = now() - start;
        if spent >= 0.25 {
            return Ok((spent / f64::from(rounds), answer));
        }
    }
}

/// Seconds that the process has had of the processor, all its threads together; on the wall where that is not known.
pub(crate) fn now() -> f64 {
    of_processor().unwrap_or_else(|| {
        static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
        START.get_or_init(Instant::now).elapsed().as_secs_f64()
    })
}

/// From Linux, in hundredths of a second: the 14th and 15th field, counted behind the name in brackets, of which each is
/// in ticks; a tick is a hundredth of a second wherever programs can see it.
fn of_processor() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let user: f64 = fields.next()?.parse().ok()?;
    let system: f64 = fields.next()?.parse().ok()?;
    Some((user + system) / 100.0)
}
