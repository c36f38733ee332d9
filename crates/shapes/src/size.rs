//! How large a policy is. In: four counts, or the name of a usual size. Out: a [`Size`].

/// The four counts that the generated policy has exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Users.
    pub users: usize,
    /// Devices.
    pub devices: usize,
    /// Sites.
    pub sites: usize,
    /// Grants, the denials among them.
    pub grants: usize,
}

impl Size {
    /// One company: about 0.09 MB of text.
    pub const S: Size = Size::new(100, 1_000, 20, 300);
    /// A chain of shops: about 1.8 MB of text.
    pub const M: Size = Size::new(2_000, 20_000, 200, 6_000);
    /// A country-wide operator: about 26.5 MB of text.
    pub const L: Size = Size::new(50_000, 200_000, 2_000, 150_000);
    /// Between M and L, with the number of users in its name.
    pub const TEN_K: Size = Size::new(10_000, 50_000, 500, 30_000);

    /// As many users as said, and all else in the proportions of L.
    #[must_use]
    pub const fn of_users(users: usize) -> Size {
        let sites = if users < 50 { 2 } else { users / 25 };
        Size::new(users, users * 4, sites, users * 3)
    }

    /// Any size; there must be at least one user and one site.
    ///
    /// # Panics
    ///
    /// Where there is none.
    #[must_use]
    pub const fn new(users: usize, devices: usize, sites: usize, grants: usize) -> Size {
        assert!(users > 0 && sites > 0, "a policy of this shape has at least one user and one site");
        Size { users, devices, sites, grants }
    }

    /// The size of that name, as a command line gives it: `S`, `M`, `L` or `10k`.
    #[must_use]
    pub fn named(name: &str) -> Option<Size> {
        match name {
            "S" | "s" => Some(Size::S),
            "M" | "m" => Some(Size::M),
            "L" | "l" => Some(Size::L),
            "10k" => Some(Size::TEN_K),
            _ => None,
        }
    }
}
