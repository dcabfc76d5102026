//! The three products that a new tenant begins with. They are a start to edit, not a rule: amounts follow the agricultural
//! guarantee system's band (100,000 to 3 million yuan) and the small-enterprise band up to 10 million (银担“总对总”).

use super::extra::{ExtraField, ExtraKind};
use super::product::{ChecklistItem, Choice, ItemWhen, MediaType, ProductKind, ProductTerms};
use crate::consent::SubjectKind;
use crate::money::Fen;
use crate::words::Words;

const SCANS: [MediaType; 4] = [MediaType::Pdf, MediaType::Jpeg, MediaType::Png, MediaType::Heic];

/// The products for farmers, for small enterprises and for equipment, in this order.
pub fn standard_products() -> [ProductTerms; 3] {
    [loan_farmer(), loan_enterprise(), equipment_finance()]
}

fn wan(count: i64) -> Fen {
    Fen(count.saturating_mul(crate::money::FEN_PER_WAN_YUAN))
}

fn choice(code: &str, zh: &str, en: &str) -> Choice {
    Choice { code: code.to_owned(), label: Words::new(zh, en) }
}

fn extra(key: &str, label: (&str, &str), takes: ExtraKind, required: bool) -> ExtraField {
    ExtraField { key: key.to_owned(), label: Words::new(label.0, label.1), takes, required, personal: false }
}

/// What the grade of a person asks beside the income; see `assessments::personal::FACTS_OF_PRODUCTS`.
fn existing_debt(label_zh: &str, required: bool) -> ExtraField {
    let takes = ExtraKind::Money { min: Some(Fen::ZERO), max: None };
    extra("existing_debt_fen", (label_zh, "Existing debts, 0 where there are none"), takes, required)
}

fn years_in_trade(label_zh: &str, required: bool) -> ExtraField {
    let takes = ExtraKind::Number { min: Some(0.0), max: Some(80.0) };
    extra("years_in_trade", (label_zh, "Years in the trade"), takes, required)
}

struct Item<'a> {
    key: &'a str,
    label: (&'a str, &'a str),
    help: (&'a str, &'a str),
    required: bool,
    when: ItemWhen,
    personal: bool,
}

fn item(item: &Item<'_>) -> ChecklistItem {
    let mut media_types = SCANS.to_vec();
    if !item.required {
        media_types.extend([MediaType::Docx, MediaType::Xlsx, MediaType::Zip]);
    }
    ChecklistItem {
        key: item.key.to_owned(),
        label: Words::new(item.label.0, item.label.1),
        help: Words::new(item.help.0, item.help.1),
        required: item.required,
        when: item.when,
        media_types,
        files_max: 10,
        personal: item.personal,
    }
}

const ID_CARD: Item<'static> = Item {
    key: "id_card",
    label: ("身份证正反面", "ID card, both sides"),
    help: (
        "请拍摄原件，四角齐全、字迹清晰，不要使用复印件",
        "Photograph the original with all corners and sharp text, not a copy",
    ),
    required: true,
    when: ItemWhen::Always,
    personal: true,
};
const LICENCE: Item<'static> = Item {
    key: "business_licence",
    label: ("营业执照", "Business licence"),
    help: (
        "上传正本或副本，统一社会信用代码须清晰可见",
        "Upload the original or duplicate with a readable credit code",
    ),
    required: true,
    when: ItemWhen::Enterprise,
    personal: false,
};
const AGENT_PROOF: Item<'static> = Item {
    key: "power_of_attorney",
    label: ("授权委托书", "Power of attorney"),
    help: (
        "由法定代表人签字并加盖公章，写明授权事项和期限",
        "Signed by the legal representative and sealed, naming what is authorised and how long",
    ),
    required: true,
    when: ItemWhen::Agent,
    personal: true,
};
const STATEMENTS: Item<'static> = Item {
    key: "financial_statements",
    label: ("近两年及最近一期财务报表", "Financial statements of two years and the latest period"),
    help: (
        "资产负债表、利润表、现金流量表；没有可暂不上传",
        "Balance sheet, income and cash flow; may be left out when there are none",
    ),
    required: false,
    when: ItemWhen::Enterprise,
    personal: false,
};

fn loan_farmer() -> ProductTerms {
    let land = Item {
        key: "land_proof",
        label: ("土地承包或流转合同", "Land contract or lease"),
        help: ("上传合同首页、面积页和签字页", "Upload the pages with title, area and signatures"),
        required: true,
        when: ItemWhen::Person,
        personal: false,
    };
    let site = Item {
        key: "site_photos",
        label: ("种养现场照片", "Photos of the farm"),
        help: ("近一个月内拍摄，至少包含全景和近景", "Taken within a month, one wide and one close view at least"),
        required: false,
        when: ItemWhen::Always,
        personal: false,
    };
    ProductTerms {
        kind: ProductKind::LoanFarmer,
        name: Words::new("农户贷款担保", "Loan guarantee for farmers"),
        subjects: vec![SubjectKind::Person],
        amount_min_fen: wan(1),
        amount_max_fen: wan(300),
        months_min: 1,
        months_max: 36,
        bank_required: false,
        purposes: vec![
            choice("seed_and_fertiliser", "购买种子化肥农资", "Seed, fertiliser and supplies"),
            choice("livestock", "购买畜禽苗种", "Livestock and fry"),
            choice("farm_building", "大棚圈舍建设", "Greenhouses and sheds"),
            choice("farm_machinery", "购置农机具", "Farm machinery"),
        ],
        extra_fields: vec![
            extra(
                "area_mu",
                ("种养面积（亩）", "Farmed area in mu"),
                ExtraKind::Number { min: Some(0.1), max: Some(100_000.0) },
                true,
            ),
            extra("crop", ("种养品种", "Crops or animals"), ExtraKind::Text { chars_min: 1, chars_max: 50 }, true),
            extra(
                "yearly_income_fen",
                ("家庭年收入", "Household's yearly income"),
                ExtraKind::Money { min: Some(Fen::ZERO), max: None },
                true,
            ),
            existing_debt("现有负债（没有填0）", true),
            years_in_trade("从业年限（年）", true),
        ],
        checklist: vec![item(&ID_CARD), item(&land), item(&site)],
    }
}

fn loan_enterprise() -> ProductTerms {
    ProductTerms {
        kind: ProductKind::LoanEnterprise,
        name: Words::new("小微企业贷款担保", "Loan guarantee for small enterprises"),
        subjects: vec![SubjectKind::Enterprise],
        amount_min_fen: wan(10),
        amount_max_fen: wan(1_000),
        months_min: 3,
        months_max: 36,
        bank_required: false,
        purposes: vec![
            choice("working_capital", "补充流动资金", "Working capital"),
            choice("raw_materials", "采购原材料", "Raw materials"),
            choice("expansion", "扩大生产经营", "Expansion"),
            choice("refinancing", "偿还到期贷款（续贷）", "Refinancing a loan that falls due"),
        ],
        extra_fields: vec![
            extra(
                "employees",
                ("员工人数", "Employees"),
                ExtraKind::Number { min: Some(0.0), max: Some(100_000.0) },
                true,
            ),
            extra(
                "yearly_revenue_fen",
                ("上年营业收入", "Last year's revenue"),
                ExtraKind::Money { min: Some(Fen::ZERO), max: None },
                true,
            ),
        ],
        checklist: vec![item(&LICENCE), item(&ID_CARD), item(&AGENT_PROOF), item(&STATEMENTS)],
    }
}

fn equipment_finance() -> ProductTerms {
    let purchase = Item {
        key: "equipment_contract",
        label: ("设备采购合同或发票", "Purchase contract or invoice of the equipment"),
        help: ("须能看清设备名称、型号、数量和金额", "Name, model, number and price must be readable"),
        required: true,
        when: ItemWhen::Always,
        personal: false,
    };
    ProductTerms {
        kind: ProductKind::EquipmentFinance,
        name: Words::new("设备融资担保", "Equipment finance guarantee"),
        subjects: vec![SubjectKind::Enterprise, SubjectKind::Person],
        amount_min_fen: wan(5),
        amount_max_fen: wan(1_000),
        months_min: 6,
        months_max: 60,
        bank_required: false,
        purposes: vec![
            choice("new_equipment", "购置新设备", "New equipment"),
            choice("used_equipment", "购置二手设备", "Used equipment"),
            choice("equipment_upgrade", "设备更新改造", "Upgrading equipment"),
        ],
        extra_fields: vec![
            extra(
                "equipment_name",
                ("设备名称及型号", "Equipment and model"),
                ExtraKind::Text { chars_min: 2, chars_max: 100 },
                true,
            ),
            extra(
                "equipment_price_fen",
                ("设备总价", "Price of the equipment"),
                ExtraKind::Money { min: Some(Fen(1)), max: None },
                true,
            ),
            extra(
                "equipment_made_on",
                ("出厂日期", "Date of manufacture"),
                ExtraKind::Date { min: None, max: None },
                false,
            ),
            extra(
                "yearly_income_fen",
                ("年收入（个人申请填写）", "Yearly income, of a person"),
                ExtraKind::Money { min: Some(Fen::ZERO), max: None },
                false,
            ),
            existing_debt("现有负债（个人申请填写，没有填0）", false),
            years_in_trade("从业年限（年，个人申请填写）", false),
        ],
        checklist: vec![item(&LICENCE), item(&ID_CARD), item(&AGENT_PROOF), item(&purchase), item(&STATEMENTS)],
    }
}
