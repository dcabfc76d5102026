//! The standard scorecard's risks, as a table with the reason for each bound.
//!
//! Bounds come from statutes and from gates that guarantee firms and tax-and-invoice lenders publish; scores say how
//! heavily an underwriter takes them: about 10 for "worth a question", about 30 for "not without a good answer". None
//! was fitted to outcomes.

use super::risks::{Band, RiskRule, Shape};

enum Grade {
    /// threshold, base, step
    Excess(i64, i64, i64),
    /// bound, score
    Above(&'static [(i64, i64)]),
    /// bound, score
    Below(&'static [(i64, i64)]),
}
use Grade::{Above, Below, Excess};

/// id, Chinese label, English label, indicator, grades, reason zh, reason en, words for applicants
type Row = (&'static str, &'static str, &'static str, &'static str, Grade, &'static str, &'static str, &'static str);

/// Ten thousand yuan in fen.
const WAN: i64 = 1_000_000;

/// The four risks that R11.7 names.
const NAMED: [Row; 4] = [
    (
        "registration_changes",
        "登记变更频繁",
        "Frequent changes of registration",
        "registration_changes",
        Excess(3, 6, 3),
        "{period}登记变更 {figure} 次，超过 {threshold} 次",
        "{figure} changes of registration in {period}, more than {threshold}",
        "近期工商或税务登记变更较多，请准备变更说明及相关证明。",
    ),
    (
        "tax_violations",
        "税务违法违章",
        "Tax violations",
        "tax_violations",
        Excess(5, 20, 5),
        "{period}税务违法违章记录 {figure} 次，超过 {threshold} 次",
        "{figure} tax violations in {period}, more than {threshold}",
        "税务违法违章记录较多，请先到主管税务机关处理并保留处理凭证。",
    ),
    // insolvent on paper; the gate of 70 % stands among the further risks and adds to it
    (
        "liabilities_over_assets",
        "资不抵债",
        "Liabilities over assets",
        "debt_ratio",
        Above(&[(10_000, 30), (12_000, 38), (15_000, 46), (20_000, 56)]),
        "{period}最近一期报表资产负债率 {figure}，高于 {threshold}",
        "Liabilities are {figure} of assets in the latest statement of {period}, above {threshold}",
        "最近一期财务报表显示负债高于资产，请说明负债构成或提供增资、减债的证明。",
    ),
    (
        "expenditure_over_income",
        "入不敷出",
        "Expenditure over income",
        "expenditure_ratio",
        Above(&[(10_000, 6), (12_000, 10), (15_000, 14), (20_000, 18), (50_000, 22)]),
        "{period}支出为收入的 {figure}，高于 {threshold}",
        "Expenditure was {figure} of income in {period}, above {threshold}",
        "期间内支出高于收入，如因备货或投入设备，请提供合同、订单等说明。",
    ),
];

const SIZE_AND_CONTINUITY: [Row; 8] = [
    // size classes: 工信部联企业〔2011〕300号 (industry: small 20 million, micro 3 million yuan a year), small-scale VAT
    // taxpayer 5 million a year (财税〔2018〕33号), VAT exemption 100 000 a month (财税〔2019〕13号). A guarantee is at most
    // 40 % of revenue, so below half a million no usual guarantee can be carried.
    (
        "thin_sales",
        "经营规模偏小",
        "Small business",
        "sales_year",
        Below(&[
            (2_000 * WAN, 5),
            (500 * WAN, 12),
            (300 * WAN, 18),
            (120 * WAN, 28),
            (50 * WAN, 38),
            (10 * WAN, 48),
            (1, 60),
        ]),
        "{period}销售额 {figure}，低于 {threshold}",
        "Sales of {figure} in {period}, below {threshold}",
        "开票销售规模较小，可补充未开票收入、银行流水等经营证明，或考虑较小的担保金额。",
    ),
    (
        "few_sales_invoices",
        "业务清淡",
        "Few sales",
        "sales_invoices_year",
        Below(&[(50, 4), (24, 8), (12, 12)]),
        "{period}有效销项发票 {figure} 张，少于 {threshold} 张",
        "{figure} valid sales invoices in {period}, fewer than {threshold}",
        "开票笔数较少，可补充合同、订单、银行流水等经营证明。",
    ),
    (
        "sales_gaps",
        "销售开票不连续",
        "Months without sales",
        "sales_months_missing",
        Above(&[(0, 4), (1, 8), (3, 14), (6, 22), (9, 30)]),
        "{period}有 {figure} 个月没有销项发票，超过 {threshold} 个月",
        "{figure} months without sales invoices in {period}, more than {threshold}",
        "部分月份没有开票，请说明原因（如季节性经营）并补充该期间的经营证明。",
    ),
    (
        "recent_idleness",
        "近期停止开票",
        "No recent sales",
        "sales_idle_months",
        Above(&[(0, 6), (1, 12), (2, 20), (5, 30)]),
        "{period}末连续 {figure} 个月没有销项发票，超过 {threshold} 个月",
        "No sales invoices in the last {figure} months of {period}, more than {threshold}",
        "最近没有开票记录，请补充近期经营证明。",
    ),
    (
        "purchase_gaps",
        "采购不连续",
        "Months without purchases",
        "purchase_months_missing",
        Above(&[(3, 3), (6, 6), (9, 9)]),
        "{period}有 {figure} 个月没有进项发票，超过 {threshold} 个月",
        "{figure} months without purchase invoices in {period}, more than {threshold}",
        "部分月份没有进货发票，请说明采购方式并补充采购凭证。",
    ),
    // tax-and-invoice lenders ask for one and a half to two years
    (
        "short_history",
        "经营时间短",
        "Short history",
        "history_months",
        Below(&[(24, 6), (18, 12), (12, 18)]),
        "{period}经营 {figure} 个月，少于 {threshold} 个月",
        "In business for {figure} months in {period}, less than {threshold}",
        "经营时间较短，可补充从业经历或由他人提供反担保。",
    ),
    (
        "sales_fall_year",
        "销售同比下滑",
        "Sales below last year",
        "sales_fall_year",
        Above(&[(2_000, 4), (4_000, 8), (6_000, 13), (8_000, 18)]),
        "{period}销售额较上年同期下降 {figure}，超过 {threshold}",
        "Sales in {period} fell by {figure} against a year earlier, more than {threshold}",
        "销售额较上年同期下降，请说明原因及在手订单情况。",
    ),
    // half the weight of the year-on-year fall: seasons look like falls here
    (
        "sales_fall_previous",
        "销售环比下滑",
        "Sales below the previous period",
        "sales_fall_previous",
        Above(&[(4_000, 4), (7_000, 8)]),
        "{period}销售额较上一期间下降 {figure}，超过 {threshold}",
        "Sales in {period} fell by {figure} against the period before, more than {threshold}",
        "销售额较前期下降，请说明原因及在手订单情况。",
    ),
];

const QUALITY: [Row; 7] = [
    (
        "sales_swing",
        "销售波动大",
        "Sales swing",
        "sales_swing",
        Above(&[(6_000, 4), (10_000, 8), (15_000, 12), (20_000, 16)]),
        "{period}月销售额波动系数 {figure}，高于 {threshold}",
        "Monthly sales vary by {figure} of their mean in {period}, above {threshold}",
        "各月销售额起伏较大，请说明原因（如项目制、季节性经营）。",
    ),
    // "a month up 500 %": sales may be staged before an application
    (
        "sales_surge",
        "单月销售突增",
        "A month's sales surge",
        "sales_month_rise",
        Above(&[(50_000, 6), (100_000, 9)]),
        "{period}单月销售额较前三月均值上升 {figure}，超过 {threshold}",
        "A month's sales rose by {figure} over the three before in {period}, more than {threshold}",
        "个别月份销售额突增，请提供该月主要合同和回款凭证。",
    ),
    (
        "void_share",
        "作废发票占比高",
        "Many void invoices",
        "sales_void_share",
        Above(&[(1_000, 3), (2_000, 6), (4_000, 10)]),
        "{period}销项发票作废率 {figure}，高于 {threshold}",
        "{figure} of sales invoices in {period} were voided, above {threshold}",
        "作废发票较多，请说明原因并规范开票。",
    ),
    (
        "red_letter_share",
        "红字发票占比高",
        "Many red-letter invoices",
        "sales_red_letter_share",
        Above(&[(500, 2), (1_000, 4), (3_000, 8)]),
        "{period}销项红冲率 {figure}，高于 {threshold}",
        "Red-letter invoices took back {figure} of sales in {period}, above {threshold}",
        "红字冲销较多，请说明退货或折让原因。",
    ),
    (
        "few_buyers",
        "客户过少",
        "Few buyers",
        "buyers",
        Below(&[(10, 4), (5, 8), (3, 12), (1, 16)]),
        "{period}下游客户 {figure} 家，少于 {threshold} 家",
        "{figure} buyers in {period}, fewer than {threshold}",
        "下游客户较少，请提供主要客户的长期合作合同。",
    ),
    (
        "buyer_concentration",
        "客户集中",
        "Dependence on one buyer",
        "buyer_top1",
        Above(&[(5_000, 4), (7_000, 7), (9_000, 10)]),
        "{period}第一大客户占 {figure}，高于 {threshold}",
        "The largest buyer took {figure} in {period}, above {threshold}",
        "销售较依赖单一客户，请提供与该客户的合作合同和回款记录。",
    ),
    (
        "supplier_concentration",
        "供应商集中",
        "Dependence on one supplier",
        "supplier_top1",
        Above(&[(7_000, 3), (9_000, 5)]),
        "{period}第一大供应商占 {figure}，高于 {threshold}",
        "The largest supplier delivered {figure} in {period}, above {threshold}",
        "采购较依赖单一供应商，请说明供货是否稳定。",
    ),
];

const TAX_AND_FINANCE: [Row; 8] = [
    // 纳税信用管理办法: D is under heightened supervision; guarantee firms' gate is "not D"
    (
        "tax_grade",
        "纳税信用等级低",
        "Low tax grade",
        "tax_grade",
        Above(&[(2, 2), (3, 15), (4, 61)]),
        "{period}纳税信用等级为 {figure} 级，低于 {threshold} 级",
        "Tax grade {figure} in {period}, below {threshold}",
        "纳税信用等级偏低，可向主管税务机关申请信用修复后再申请。",
    ),
    // gate of one firm: at least 50 000 yuan of tax in twelve months
    (
        "low_tax",
        "纳税额低",
        "Little tax paid",
        "tax_paid_year",
        Below(&[(5 * WAN, 6), (WAN, 10), (1, 14)]),
        "{period}纳税 {figure}，低于 {threshold}",
        "Tax of {figure} paid in {period}, below {threshold}",
        "近一年纳税额较低，如享受减免，请提供减免税证明。",
    ),
    (
        "late_declarations",
        "逾期申报",
        "Late declarations",
        "late_declarations",
        Above(&[(0, 4), (2, 8), (5, 14)]),
        "{period}逾期或未申报 {figure} 次，超过 {threshold} 次",
        "{figure} late declarations in {period}, more than {threshold}",
        "存在逾期申报，请及时补办申报。",
    ),
    (
        "overdue_payments",
        "逾期缴税",
        "Late tax payments",
        "overdue_payments",
        Above(&[(0, 4), (2, 8), (5, 14)]),
        "{period}逾期或未缴税 {figure} 次，超过 {threshold} 次",
        "{figure} late tax payments in {period}, more than {threshold}",
        "存在逾期缴税，请及时缴清税款。",
    ),
    (
        "tax_arrears",
        "欠税",
        "Tax arrears",
        "tax_arrears",
        Above(&[(0, 10), (WAN, 18), (10 * WAN, 26)]),
        "{period}欠税 {figure}，高于 {threshold}",
        "Tax arrears of {figure} in {period}, above {threshold}",
        "存在欠税，请缴清后提供完税证明。",
    ),
    // declared and invoiced sales differ by uninvoiced income; beyond a third one of them is wrong
    (
        "declared_gap",
        "申报与开票不符",
        "Declarations differ from invoices",
        "declared_gap",
        Above(&[(3_000, 6), (5_000, 12)]),
        "{period}申报销售额与开票金额相差 {figure}，高于 {threshold}",
        "Declared and invoiced sales differ by {figure} in {period}, above {threshold}",
        "申报销售额与开票金额差异较大，请说明未开票收入等情况。",
    ),
    // gate of one firm: debt at most 70 % of assets
    (
        "high_debt",
        "负债率偏高",
        "High debt",
        "debt_ratio",
        Above(&[(7_000, 8), (8_500, 14)]),
        "{period}最近一期报表资产负债率 {figure}，高于 {threshold}",
        "Liabilities are {figure} of assets in the latest statement of {period}, above {threshold}",
        "资产负债率偏高，可提供降低负债的安排或增加反担保。",
    ),
    (
        "losses",
        "亏损",
        "Losses",
        "net_margin",
        Below(&[(0, 8), (-1_000, 14), (-3_000, 20)]),
        "{period}最近一期报表净利率 {figure}，低于 {threshold}",
        "Net margin of {figure} in the latest statement of {period}, below {threshold}",
        "最近一期报表为亏损，请说明亏损原因及扭亏安排。",
    ),
];

/// The risks, the four named ones first.
pub(super) fn all() -> Vec<RiskRule> {
    NAMED.iter().chain(&SIZE_AND_CONTINUITY).chain(&QUALITY).chain(&TAX_AND_FINANCE).map(rule).collect()
}

fn rule((id, label_zh, label_en, indicator, grade, reason_zh, reason_en, applicant_zh): &Row) -> RiskRule {
    let bands = |rows: &[(i64, i64)]| rows.iter().map(|&(bound, score)| Band { bound, score }).collect();
    let shape = match *grade {
        Excess(threshold, base, step) => Shape::Excess { threshold, base, step },
        Above(rows) => Shape::Above { bands: bands(rows) },
        Below(rows) => Shape::Below { bands: bands(rows) },
    };
    RiskRule {
        id: (*id).to_string(),
        label_zh: (*label_zh).to_string(),
        label_en: (*label_en).to_string(),
        indicator: (*indicator).to_string(),
        shape,
        reason_zh: (*reason_zh).to_string(),
        reason_en: (*reason_en).to_string(),
        applicant_zh: (*applicant_zh).to_string(),
    }
}
