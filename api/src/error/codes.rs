//! The one table of error codes. None is reused or renamed; each has a sentence for the caller in both languages.

use actix_web::http::StatusCode;

/// One row, as documents show it.
#[derive(Debug)]
pub struct CodeRow {
    /// The code itself.
    pub code: Code,
    /// The key on the wire.
    pub key: &'static str,
    /// HTTP status.
    pub status: u16,
    /// What to do, in Chinese.
    pub zh: &'static str,
    /// What to do, in English.
    pub en: &'static str,
}

macro_rules! codes {
    ($($name:ident $status:literal $key:literal $zh:literal $en:literal;)*) => {
        /// A code from the table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[allow(missing_docs, reason = "the table says what each means")]
        pub enum Code { $($name),* }

        /// The table.
        pub const CODES: &[CodeRow] = &[$(CodeRow { code: Code::$name, key: $key, status: $status, zh: $zh, en: $en }),*];
    };
}

codes! {
    Internal 500 "internal" "系统出了问题，您的数据没有丢失，请稍后再试，并告知我们请求编号。" "Something failed on our side; nothing was lost. Try again later and quote the request id.";
    Unavailable 503 "unavailable" "服务正在停止或数据库暂时不可用，请稍后再试。" "The service is stopping or its database is not reachable; try again shortly.";
    NotFound 404 "not_found" "没有找到，请检查编号是否正确。" "No such thing; check the id.";
    MethodNotAllowed 405 "method_not_allowed" "该地址不支持这种请求方法，请查看接口文档。" "This address does not take that method; see the document.";
    Unauthenticated 401 "unauthenticated" "请先登录。" "Log in first.";
    Forbidden 403 "forbidden" "您的角色没有此项权限，如有需要请联系管理员。" "Your role does not allow this; ask your administrator.";
    TenantSuspended 403 "tenant_suspended" "该机构的服务已暂停，请联系平台。" "This firm's service is suspended; contact the platform.";
    MalformedBody 400 "malformed_body" "请求内容不是有效的JSON，或有重复的字段、不允许的字符。" "The body is not valid JSON, repeats a key, or holds a character that is not allowed.";
    InvalidFields 422 "invalid_fields" "部分内容需要修改，请按各项提示更正。" "Some fields need mending; each says how.";
    InvalidParameter 400 "invalid_parameter" "地址或查询参数不正确。" "A parameter of the address or query is not right.";
    UnsupportedMediaType 415 "unsupported_media_type" "请以接口文档所写的内容类型发送。" "Send the content type that the document names.";
    BodyTooLarge 413 "body_too_large" "内容过大，请减小后再试。" "The body is too large.";
    BodyTimeout 408 "body_timeout" "内容传送太慢，已中断，请重试。" "The body came too slowly and was cut; try again.";
    TooManyRequests 429 "too_many_requests" "请求过于频繁，请稍后再试。" "Too many requests; wait and try again.";
    IdempotencyKeyRequired 400 "idempotency_key_required" "请在Idempotency-Key请求头中给出1至255个ASCII字符的键。" "Send an Idempotency-Key header of 1 to 255 ASCII characters.";
    IdempotencyKeyReused 422 "idempotency_key_reused" "同一个Idempotency-Key用于了不同的内容，请换一个新键。" "This Idempotency-Key was used with another body; take a new key.";
    PreconditionRequired 428 "precondition_required" "请在If-Match请求头中给出您所见的版本，例如 \"3\"。" "Send If-Match with the version you saw, such as \"3\".";
    Stale 409 "stale" "内容已被他人更新，请查看最新内容后再修改。" "It has changed since you read it; look at the current state and try again.";
    WrongCode 401 "wrong_code" "验证码不正确或已失效，请核对短信；仍不成功请重新获取。" "The code is wrong or no longer valid; check the message, and ask for a new one if it still fails.";
    WrongPassword 401 "wrong_password" "账号或密码不正确；连续输错多次后账号会暂时锁定，请稍后再试。" "The log-in name or password is not right; several wrong tries lock an account for a while.";
    SecondFactorNeeded 401 "second_factor_needed" "请在code中填写动态口令应用显示的6位数字；手机不在身边时可填写恢复码。" "Give the six digits that your app shows as code; without the telephone, a recovery code.";
    WrongSecondFactor 401 "wrong_second_factor" "动态口令或恢复码不正确，或已使用过；动态口令请等下一个再试。" "The code does not fit or was used before; wait for the app's next one.";
    SecondFactorSet 409 "second_factor_set" "动态口令已启用；如需更换，请先停用。" "There is a second factor already; take it away first to set another.";
    SecondFactorNotBegun 409 "second_factor_not_begun" "尚未设置动态口令，请先获取密钥。" "No second factor was begun; ask for a secret first.";
    ProofNeeded 403 "proof_needed" "此操作需要再次确认身份：请先以密码（及动态口令）向/v1/session/proof确认，再重试。" "This asks you to prove who you are again: give your password (and code) to /v1/session/proof, then try again.";
    AccountLocked 429 "account_locked" "密码错误次数过多，账号已暂时锁定，请稍后再试。" "Too many wrong passwords; the account is locked for a while.";
    SmsTooOften 429 "sms_too_often" "验证码获取过于频繁，请稍后再试。" "Codes were asked for too often; wait and try again.";
    NoticeNotAccepted 422 "notice_not_accepted" "请先阅读并同意当前版本的隐私政策与用户协议。" "Accept the current versions of the privacy notice and the terms first.";
    LinkUsed 410 "link_used" "链接已使用或已过期，请重新获取。" "The link was used or has expired; ask for a new one.";
    WeakPassword 422 "weak_password" "密码至少12个字符，且不能是常见密码或包含账号名。" "A password needs at least 12 characters and must not be a common one or hold the log-in name.";
    SlugTaken 409 "slug_taken" "该机构标识已被使用，请换一个。" "That tenant name is taken; choose another.";
    LoginNameTaken 409 "login_name_taken" "该账号名已被使用，请换一个。" "That log-in name is taken; choose another.";
    EmailTaken 409 "email_taken" "该邮箱已被使用，请换一个。" "That e-mail address is in use; choose another.";
    NameTaken 409 "name_taken" "该名称已被使用，请换一个。" "That name is taken; choose another.";
    CodeTaken 409 "code_taken" "该代码已被使用，请换一个。" "That code is in use; choose another.";
    DutiesConflict 422 "duties_conflict" "所选角色中有必须由不同的人担任的职责。" "These roles join duties that must lie with different people.";
    DepartmentInUse 409 "department_in_use" "部门下仍有员工、下级部门、申请或客户，请先移走。" "The department still has staff, departments below it, applications or customers; move them first.";
    OpenWork 409 "open_work" "该员工还有未办结的申请，请指定接手人。" "This person still holds open applications; name who takes them over.";
    NotDisabledSelf 409 "not_self" "不能对自己执行此操作。" "You cannot do this to yourself.";
    IllegalTransition 409 "illegal_transition" "当前状态下不能进行此操作，请刷新后查看可用的操作。" "This cannot be done in the current state; see the allowed actions.";
    NotYourCase 403 "not_your_case" "该申请由其他人员办理，您不能执行此操作。" "Someone else handles this application.";
    MakerIsChecker 403 "maker_is_checker" "调查、审查、审批须由不同的人员办理。" "Investigation, review and approval must lie with different people.";
    AboveAuthority 403 "above_authority" "金额超出您的审批权限，请转交有更高权限的审批人。" "The amount is above your authority; pass it to someone with more.";
    Incomplete 422 "incomplete" "还有内容未完成，请按各项提示补充后再提交。" "Something is still missing; every item says what.";
    ConsentRequired 422 "consent_required" "请先由有权人签署数据查询授权。" "An authorisation by someone entitled is needed first.";
    ConsentEnded 409 "consent_ended" "授权已撤回或过期，不能再采集或评估。" "The authorisation was revoked or has expired; nothing more is collected or evaluated.";
    NotEntitled 403 "not_entitled" "只有法定代表人，或已提交授权委托证明的代理人，才能代表企业授权。" "Only the legal representative, or an agent whose proof is uploaded, may give the enterprise's consent.";
    FileRefused 422 "file_refused" "文件不符合要求，请按提示更换文件后重新上传。" "The file was refused; upload another as described.";
    FileNotUploaded 409 "file_not_uploaded" "文件尚未上传完成，请上传后再确认。" "The file has not arrived yet; upload it and finish again.";
    FileNotReady 409 "file_not_ready" "文件尚未通过检查，暂不能查看。" "The file has not passed its checks and cannot be read yet.";
    TooManyItems 422 "too_many_items" "数量已达上限，请先删除不需要的。" "The limit is reached; remove what is not needed.";
    ScorecardInvalid 422 "scorecard_invalid" "评分卡不符合要求，请按提示修改。" "The scorecard does not hold together; each problem says how to mend it.";
    NothingToChange 422 "nothing_to_change" "没有需要修改的内容。" "There is nothing to change.";
    RecordLocked 409 "record_locked" "申请已提交，当前不能修改；如需补充，请等待退回或联系项目经理。" "The application is submitted and cannot be changed now; wait for its return or ask the officer.";
    RoleInUse 409 "role_in_use" "仍有员工持有该角色，请先更改他们的角色。" "Staff still hold this role; change theirs first.";
    TooManyEnterprises 429 "too_many_enterprises" "今日授权的企业数量已达上限，请明日再试，或联系担保公司办理。" "Consent was given for as many enterprises as one account may in a day; try again tomorrow or ask the firm.";
    EntitlementOpen 409 "entitlement_open" "授权人的资格尚未确认，请先确认资格，或退回、建议不同意。" "Whether the person who consented may is not confirmed; confirm it first, return it, or decline.";
    LimitNotEnough 409 "limit_not_enough" "金额超出可用范围，请按提示减少金额，或先还款、释放占用。" "The amount is more than there is; ask for less, or repay or release first.";
    LimitNotUsable 409 "limit_not_usable" "额度、占用或用款当前不能进行此操作，请刷新后查看可进行的操作。" "The limit, reservation or drawdown does not allow this now; reload it to see what it allows.";
    LimitRulesBroken 409 "limit_rules_broken" "超出监管或公司内部限额，figures中列明每一项的数额与余地。" "A legal bound or a ceiling of the firm would be broken; figures names each with its amounts and head-room.";
    NothingToLearn 409 "nothing_to_learn" "该设备的读数太少，还不能给出阈值建议，请待其运行数日后再试，或直接填写阈值。" "Too little is known of this machine to suggest thresholds; let it run for some days, or enter them.";
    AlarmAlreadyAcknowledged 409 "alarm_already_acknowledged" "该报警已有人确认。" "Somebody acknowledged this alarm before.";
    AlarmAlreadyCleared 409 "alarm_already_cleared" "该报警已解除。" "This alarm is over.";
    AlarmNotAcknowledged 409 "alarm_not_acknowledged" "请先确认报警，再解除。" "Acknowledge the alarm before you clear it.";
    LimitBooksBroken 500 "limit_books_broken" "额度账目核对不符，已停止处理，未作任何更改，请联系管理员。" "The books of this limit do not add up; nothing was changed. Tell the administrator.";
    OwnProposal 403 "own_proposal" "录入人不能复核自己录入的内容，请由他人复核。" "Whoever entered it cannot approve it; somebody else must.";
    AlreadyDecided 409 "already_decided" "该项已处理，请刷新后查看。" "It was decided on before; reload it.";
    CustomerKnown 409 "customer_known" "该客户已建档，请使用已有档案。" "This customer is on record already; use that record.";
    AlreadyEnded 409 "already_ended" "该项已结束，请刷新后查看。" "It has ended already; reload it.";
    TelemetryRefused 401 "telemetry_refused" "消息的签名或令牌不对、时间相差过大，或数据源不存在、已停用。请核对地址、密钥与时钟。" "The message's signature or token is wrong, its time is too far off, or there is no such active source; check address, secret and clock.";
    TelemetryUnreadable 422 "telemetry_unreadable" "整条消息无法识别，请按提示更正发送端或数据源的格式。" "The message cannot be read; mend the sender or the source's format as described.";
    QuarantineFull 503 "quarantine_full" "隔离区已满，部分内容未保存，请稍后重新发送整条消息；已保存的不会重复计入。" "The quarantine is full and part of the message was not kept; send all of it again later. What was kept is not counted twice.";
    SocketKnown 409 "socket_known" "该设备通道已登记，请使用已有的记录。" "This device and channel are on record already; use that record.";
    NoChannel 403 "no_channel" "您的账号不属于任何有效渠道，请联系担保公司管理员。" "Your log-in belongs to no active channel; ask the firm's administrator.";
    BindingOverlaps 409 "binding_overlaps" "该时间段内插座或设备已有绑定，请先结束原绑定，或选择更晚的时间。" "The socket or the machine is bound in that time already; end that binding first, or begin later.";
    EquipmentRetired 409 "equipment_retired" "设备已停用，不能再办理。" "The machine is retired; nothing more is done with it.";
    EquipmentEncumbered 409 "equipment_encumbered" "设备已抵押，解除抵押前不能发布、预订或成交流转信息。" "The machine is encumbered; until it is freed it cannot be offered, reserved or sold.";
    DocumentKept 409 "document_kept" "该文件不能由您删除，请联系担保公司。" "You cannot remove this file; contact the firm.";
    TitleNotClear 409 "title_not_clear" "设备权属不清，不能流转，请先在权属信息中核实。" "Whose the machine is is not clear; settle that in its papers before it is offered.";
    ListingOpen 409 "listing_open" "该设备已有未结束的流转信息，请使用原有的，或先撤回。" "The machine is offered or being offered already; use that listing, or withdraw it first.";
    ValueUnknown 409 "value_unknown" "资料不足，无法估算二手价值，请按提示补充。" "Too little is known to say what the machine is worth; supply what is named.";
    NotControllable 409 "not_controllable" "最近一次评分未达到风险可控，不能开始监控，请按提示改进后重新评分。" "The latest score does not find the risk controllable, so that monitoring cannot start; mend what is named and score again.";
    QuotaSpent 429 "quota_spent" "今日调用次数已用完，请在次日零时（北京时间）后再试，或联系担保公司提高额度。" "The day's quota is spent; go on after midnight in Beijing, or ask the firm for more.";
    TooManyAtOnce 429 "too_many_at_once" "同时进行的请求过多，请待前面的请求完成后再试。" "Too many requests are in hand together; wait until some are answered.";
    AddressNotAllowed 403 "address_not_allowed" "请求来自未登记的IP地址，请联系担保公司登记。" "The request comes from an address that is not on the client's list; ask the firm to add it.";
    DataErased 409 "data_erased" "相关个人信息已应本人请求删除，仅保留哈希与结论。" "The data was erased at the person's request; a hash and what came of it are all that is left.";
    OwnRequest 403 "own_request" "登记人不能办理自己登记的请求，请由他人办理。" "Whoever recorded the request cannot carry it out; somebody else must.";
}

impl Code {
    fn row(self) -> &'static CodeRow {
        // The table is written by the same macro that writes the enum, in the same order.
        CODES.get(self as usize).unwrap_or(&CODES[0])
    }

    /// The key on the wire.
    pub fn key(self) -> &'static str {
        self.row().key
    }

    /// The HTTP status.
    pub fn status(self) -> StatusCode {
        StatusCode::from_u16(self.row().status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The table's sentences, Chinese and English.
    pub fn sentences(self) -> (&'static str, &'static str) {
        (self.row().zh, self.row().en)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_unique_and_rows_stand_in_the_enums_order() {
        let mut keys: Vec<_> = CODES.iter().map(|row| row.key).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), CODES.len());
        for row in CODES {
            assert_eq!(row.code.key(), row.key);
            assert!(row.zh.ends_with('。') && row.en.ends_with('.'), "{}", row.key);
        }
    }
}
