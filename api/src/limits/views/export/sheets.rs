//! The three sheets of a workbook.

use chrono::NaiveDate;
use domain::id::kind;
use domain::limits::balances::Balances;
use domain::limits::overview::utilisation_bp;
use domain::money::Fen;
use rust_xlsxwriter::{Workbook, XlsxError};

use super::rows::{ShownEntry, ShownLimit};
use crate::limits::view::id_of;
use crate::limits::views::head_room::{HeadRoomLine, HeadRoomView};
use crate::platform::sheet::{Cell, Column, Looks, Sheet};

/// Everything that a workbook holds.
pub(super) struct Contents {
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub limits: Vec<ShownLimit>,
    pub entries: Vec<ShownEntry>,
    pub balances: Balances,
    pub head_room: HeadRoomView,
}

const LIMITS: &[Column] = &[
    ("额度编号", 24.0),
    ("上级额度", 24.0),
    ("层级", 6.0),
    ("拆分方式", 10.0),
    ("名称", 18.0),
    ("客户", 28.0),
    ("产品", 22.0),
    ("银行", 22.0),
    ("业务种类", 16.0),
    ("是否循环", 8.0),
    ("状态", 8.0),
    ("授信金额（元）", 18.0),
    ("已拆分（元）", 18.0),
    ("占用（元）", 18.0),
    ("在用（元）", 18.0),
    ("已用尽（元）", 18.0),
    ("可用（元）", 18.0),
    ("已动用（含已拆分）", 18.0),
    ("生效日", 12.0),
    ("失效日", 12.0),
    ("地区代码", 10.0),
    ("行业代码", 10.0),
    ("建立时间", 20.0),
];

const ENTRIES: &[Column] = &[
    ("记账日", 12.0),
    ("记账时间", 20.0),
    ("额度编号", 24.0),
    ("序号", 6.0),
    ("事项", 10.0),
    ("授信增减（元）", 18.0),
    ("拆分增减（元）", 18.0),
    ("占用增减（元）", 18.0),
    ("在用增减（元）", 18.0),
    ("用尽增减（元）", 18.0),
    ("授信余额（元）", 18.0),
    ("拆分余额（元）", 18.0),
    ("占用余额（元）", 18.0),
    ("在用余额（元）", 18.0),
    ("用尽余额（元）", 18.0),
    ("事由", 36.0),
    ("文件", 24.0),
    ("经办人", 14.0),
    ("操作号", 32.0),
    ("被冲正分录", 32.0),
];

const HEAD_ROOM: &[Column] = &[
    ("日期", 12.0),
    ("指标", 32.0),
    ("对象", 32.0),
    ("数额（元）", 20.0),
    ("上限（元）", 20.0),
    ("余地（元）", 20.0),
    ("占上限", 10.0),
    ("是否超限", 10.0),
    ("说明", 60.0),
];

/// Writes the workbook.
pub(super) fn workbook(contents: &Contents) -> Result<Vec<u8>, XlsxError> {
    let (mut book, looks) = (Workbook::new(), Looks::new());
    limits(&mut Sheet::begin(book.add_worksheet(), &looks, "授信额度")?, &contents.limits)?;
    entries(&mut Sheet::begin(book.add_worksheet(), &looks, "额度台账")?, &contents.entries)?;
    head_room(&mut Sheet::begin(book.add_worksheet(), &looks, "余额与监管指标")?, contents)?;
    book.save_to_buffer()
}

fn part_kind(word: &str) -> &str {
    match word {
        "product" => "按产品",
        "bank" => "按银行",
        "member" => "按成员",
        _ => "其他",
    }
}

fn yes(is: bool) -> Cell {
    Cell::Text(if is { "是" } else { "否" }.to_owned())
}

fn limits(sheet: &mut Sheet<'_>, rows: &[ShownLimit]) -> Result<(), XlsxError> {
    sheet.headings(LIMITS)?;
    for one in rows {
        let (row, amounts) = (&one.row, &one.amounts);
        sheet.row([
            Cell::Text(row.number.clone()),
            Cell::text(one.parent_number.clone()),
            Cell::Whole(row.depth.into()),
            Cell::text(row.part_kind.as_deref().map(|word| part_kind(word).to_owned())),
            Cell::text(one.label.clone()),
            Cell::text(one.customer.clone()),
            Cell::text(one.product.clone()),
            Cell::text(one.bank.clone()),
            Cell::Text(one.business.words().zh),
            yes(row.revolving),
            Cell::Text(one.state.words().zh),
            Cell::Yuan(amounts.granted.0),
            Cell::Yuan(amounts.allocated.0),
            Cell::Yuan(amounts.reserved.0),
            Cell::Yuan(amounts.drawn.0),
            Cell::Yuan(amounts.spent.0),
            Cell::Yuan(amounts.free().0),
            Cell::share(utilisation_bp(amounts.used(), amounts.granted)),
            Cell::Day(row.valid_from),
            Cell::Day(row.valid_to),
            Cell::text(row.region.clone()),
            Cell::text(row.industry.clone()),
            Cell::Instant(row.created_at),
        ])?;
    }
    Ok(())
}

fn entries(sheet: &mut Sheet<'_>, rows: &[ShownEntry]) -> Result<(), XlsxError> {
    sheet.headings(ENTRIES)?;
    for one in rows {
        let row = &one.row;
        sheet.row([
            Cell::Day(row.day),
            Cell::Instant(row.at),
            Cell::text(one.limit_number.clone()),
            Cell::Whole(row.seq),
            Cell::Text(one.kind.words().zh),
            Cell::Yuan(row.granted_fen),
            Cell::Yuan(row.allocated_fen),
            Cell::Yuan(row.reserved_fen),
            Cell::Yuan(row.drawn_fen),
            Cell::Yuan(row.spent_fen),
            Cell::Yuan(row.granted_after_fen),
            Cell::Yuan(row.allocated_after_fen),
            Cell::Yuan(row.reserved_after_fen),
            Cell::Yuan(row.drawn_after_fen),
            Cell::Yuan(row.spent_after_fen),
            Cell::Text(one.reason.clone()),
            Cell::text(one.document.clone()),
            Cell::Text(one.actor.clone()),
            Cell::Text(id_of::<kind::LimitOperation>(row.operation_id)),
            Cell::text(row.corrects_id.map(id_of::<kind::LimitEntry>)),
        ])?;
    }
    Ok(())
}

fn line(sheet: &mut Sheet<'_>, day: NaiveDate, line: &HeadRoomLine, note: Option<String>) -> Result<(), XlsxError> {
    let members: Vec<&str> = line.members.iter().filter_map(|member| member.name.as_deref()).collect();
    let members = (!members.is_empty()).then(|| members.join("、"));
    sheet.row([
        Cell::Day(day),
        Cell::Text(line.label.clone()),
        Cell::text(members.or_else(|| line.subject_name.clone()).or_else(|| line.subject.clone())),
        Cell::Yuan(line.figure_fen),
        Cell::yuan(line.bound_fen),
        Cell::yuan(line.room_fen),
        Cell::share(line.share_bp),
        yes(line.is_over),
        Cell::text(note),
    ])
}

fn head_room(sheet: &mut Sheet<'_>, contents: &Contents) -> Result<(), XlsxError> {
    sheet.headings(HEAD_ROOM)?;
    let (day, shown, balances) = (contents.to, &contents.head_room, &contents.balances);
    let plain = |name: &str, figure: Option<i64>| {
        [Cell::Day(day), Cell::Text(name.to_owned()), Cell::Text("全公司".to_owned()), Cell::yuan(figure)]
    };
    sheet.row(plain("净资产", shown.net_assets_fen))?;
    for (name, Fen(figure)) in
        [("名义在保余额", balances.nominal), ("在保余额", balances.in_force), ("融资担保责任余额", balances.liability)]
    {
        sheet.row(plain(name, Some(figure)))?;
    }
    line(sheet, day, &shown.liability, Some(shown.leverage.reason.clone()))?;
    for one in shown.clients.iter().chain(&shown.groups).chain(&shown.ceilings) {
        line(sheet, day, one, None)?;
    }
    Ok(())
}
