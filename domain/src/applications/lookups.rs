//! What the form must ask others about: the tenant's product and the reference lists. They come in as arguments, so
//! that the form stays pure and is tested without them.

use super::product::ProductTerms;

/// The answers of others that judging a form needs.
pub struct Lookups<'a> {
    /// The product that the form names after the change, if it is on offer.
    pub product: Option<&'a ProductTerms>,
    /// Whether a region code (GB/T 2260) exists.
    pub region_exists: &'a dyn Fn(&str) -> bool,
    /// Whether an industry code (GB/T 4754) exists.
    pub industry_exists: &'a dyn Fn(&str) -> bool,
}
