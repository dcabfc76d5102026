//! Public code tables that forms are filled in from and codes are checked against: regions and industries. They are
//! compiled in, because they change once a year at most and a form must not fail for want of a table.
mod industry;
mod region;
mod search;

pub use industry::{Industry, industries_under, industry_section, search_industries};
pub use region::{FormerRegion, Region, former_region, full_name, regions_under, search_regions, was_ever_region};
pub use search::SEARCH_RESULTS_MAX;
