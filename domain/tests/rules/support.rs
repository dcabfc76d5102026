//! Forms and products that several tests begin with.

use domain::applications::form::Form;
use domain::applications::lookups::Lookups;
use domain::applications::product::ProductTerms;
use domain::applications::standard::standard_products;
use serde_json::{Value, json};

pub fn farmer() -> ProductTerms {
    let [farmer, ..] = standard_products();
    farmer
}

pub fn enterprise() -> ProductTerms {
    let [_, enterprise, _] = standard_products();
    enterprise
}

/// Saves a patch with reference lists that know a few codes.
pub fn patch(form: &Form, change: &Value, product: Option<&ProductTerms>) -> Result<Form, Vec<(String, &'static str)>> {
    let region = |code: &str| ["330106", "110101"].contains(&code);
    let industry = |code: &str| ["A", "0111", "1311"].contains(&code);
    let lookups = Lookups { product, region_exists: &region, industry_exists: &industry };
    form.patched(change, &lookups)
        .map_err(|errors| errors.into_iter().map(|error| (error.pointer, error.code)).collect())
}

pub fn person_form() -> Form {
    let whole = json!({
        "product_id": "prd_1",
        "subject": {"kind": "person", "real_name": "张示例", "id_number": "110101189912310028"},
        "amount_fen": 20_000_000, "term_months": 12, "purpose": "livestock", "region": "330106",
        "contact": {"name": "张示例", "phone": "13800000012"},
        "extra": {"area_mu": 12.5, "crop": "水稻", "yearly_income_fen": 8_000_000,
            "existing_debt_fen": 0, "years_in_trade": 6},
    });
    patch(&Form::default(), &whole, Some(&farmer())).unwrap()
}

pub fn enterprise_form() -> Form {
    let whole = json!({
        "product_id": "prd_2",
        "subject": {
            "kind": "enterprise", "full_name": "示例机械有限公司", "credit_code": "91340600MA2PBMA74B", "capacity": "agent"
        },
        "amount_fen": 200_000_000, "term_months": 12, "purpose": "working_capital", "region": "330106", "industry": "1311",
        "contact": {"name": "张示例", "phone": "13800000012"},
        "extra": {"employees": 12, "yearly_revenue_fen": 900_000_000},
    });
    patch(&Form::default(), &whole, Some(&enterprise())).unwrap()
}
