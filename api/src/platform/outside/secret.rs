//! A secret must not reach a log through `{:?}` of the settings around it, so it has a type that prints as stars.
use std::fmt;

/// A password or key from the settings. It has no `Display`, and its `Debug` shows nothing of it, not even its length.
#[derive(Clone, Default)]
pub struct Secret(String);

impl Secret {
    /// Wraps the clear text.
    pub fn new(clear: impl Into<String>) -> Self {
        Self(clear.into())
    }

    /// The clear text, for the one call that needs it; never for a log or an error.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether nothing was set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn debug_prints_stars_only() {
        assert_eq!(format!("{:?}", Secret::new("hunter2")), "***");
        assert_eq!(format!("{:?}", Secret::default()), "***");
        assert_eq!(Secret::new("hunter2").reveal(), "hunter2");
    }
}
