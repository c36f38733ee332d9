//! How large a policy is. In: four counts, or the name of a usual size. Out: a [`Size`].

/// The four counts that the generated policy has exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) users: usize,
    pub(crate) devices: usize,
    pub(crate) sites: usize,
    /// Grants, the denials among them.
    pub(crate) grants: usize,
}

impl Size {
    /// One company: about 0.09 MB of text.
    pub(crate) const S: Size = Size::new(100, 1_000, 20, 300);
    /// A chain of shops: about 1.8 MB of text.
    pub(crate) const M: Size = Size::new(2_000, 20_000, 200, 6_000);
    /// A country-wide operator: about 26.5 MB of text.
    pub(crate) const L: Size = Size::new(50_000, 200_000, 2_000, 150_000);
    /// Between M and L, with the number of users in its name.
    pub(crate) const TEN_K: Size = Size::new(10_000, 50_000, 500, 30_000);

    /// Any size; there must be at least one user and one site.
    pub(crate) const fn new(users: usize, devices: usize, sites: usize, grants: usize) -> Size {
        assert!(users > 0 && sites > 0, "a policy of this shape has at least one user and one site");
        Size { users, devices, sites, grants }
    }

    /// The size of that name, as a command line gives it: `S`, `M`, `L` or `10k`.
    pub(crate) fn named(name: &str) -> Option<Size> {
        match name {
            "S" | "s" => Some(Size::S),
            "M" | "m" => Some(Size::M),
            "L" | "l" => Some(Size::L),
            "10k" => Some(Size::TEN_K),
            _ => None,
        }
    }
}
