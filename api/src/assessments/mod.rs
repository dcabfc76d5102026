//! Evaluations: admission of enterprises, grades of persons, with inputs, version and reasons; and the scorecards they
//! are made by. An evaluation is read and made through its application, so the only routes here are the scorecards'.

mod applicant;
mod assess;
mod create_scorecard;
mod kept;
mod list_scorecards;
mod read;
mod read_scorecard;
mod repeat;
mod scorecard;
mod scorecard_body;
mod scorecard_shape;
mod scorecard_shape_equipment;
mod store;
mod view;
mod view_conditions;
mod view_parts;

use utoipa_actix_web::service_config::ServiceConfig;

pub use applicant::{ApplicantResult, applicant_result};
pub use assess::{Evaluated, Summary, assess_person, evaluate_enterprise, record};
pub use read::{application_of, blocked, latest, list_of};
pub use repeat::{Repeated, repeat};
pub use scorecard::{Card, ScorecardKind, create_standard_scorecards, equipment_on, market_on};
pub use view::{AssessmentOutcome, AssessmentView};

/// This area's routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_scorecards::list_scorecards)
        .service(create_scorecard::create_scorecard)
        .service(read_scorecard::read_scorecard);
}
