//! Glossary, articles and policies, and which policies fit an applicant. Staff write them; everybody reads what is
//! published without logging in. Its door for other areas is [`create_samples`].

mod article;
mod conditions;
mod policy;
mod public;
mod publication;
mod sample_texts;
mod samples;
mod store;
mod term;
mod view;

pub use samples::create_samples;

use utoipa_actix_web::service_config::ServiceConfig;

/// This area's routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.configure(policy::routes).configure(article::routes).configure(term::routes).configure(public::routes);
}
