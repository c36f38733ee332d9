//! When one schedule lies in another (`semantics §5`, containment).

use crate::model::{Schedule, Window};

/// Whether every instant at which `narrow` holds is shown to be one at which `wide` does: the same zone, every window
/// inside one that opens on the same weekday, and every date on which `wide` opens none is one for `narrow` too.
pub(super) fn lies_in(narrow: &Schedule, wide: &Schedule) -> bool {
    let within =
        |window: &Window, windows: &[Window]| windows.iter().any(|w| w.start <= window.start && window.end <= w.end);
    narrow.zone.name == wide.zone.name
        && narrow.weekly.iter().zip(&wide.weekly).all(|(a, b)| a.iter().all(|window| within(window, b)))
        && wide.except.is_subset(&narrow.except)
}
