//! How deep groups nest.

use super::rules;
use crate::diagnostics::Diagnostic;
use crate::model::Org;

/// Reports the first group of each branch that lies too deep, and not all that lie below it.
pub(super) fn check(org: &Org, diagnostics: &mut Vec<Diagnostic>) {
    let greatest = org.max_group_depth;
    for (_, place) in org.places.iter().filter(|(_, place)| place.depth == greatest + 1) {
        let found =
            format!("the group `{}` lies {} deep, and groups may nest {greatest} deep", place.path, place.depth);
        diagnostics.push(
            Diagnostic::new(&rules::GROUP_DEPTH, place.span, found)
                .help("move it up, or raise the organisation's `max_group_depth` (32 at most)"),
        );
    }
}
