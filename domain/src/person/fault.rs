//! Why a number, name or code was not accepted, said so that the person who typed it can mend it.

use crate::words::Words;

/// Why a value was refused. It never repeats the value, which may be personal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.code())]
pub enum PersonFault {
    /// Not a mainland mobile number.
    Phone,
    /// An ID number of 15 digits, the form before 1999.
    IdFifteen,
    /// An ID number without 18 characters.
    IdLength,
    /// An ID number with something else than digits (the last may be X).
    IdCharacters,
    /// The date inside the ID number does not exist.
    IdBirthDate,
    /// The birth date in the ID number cannot be a living person's.
    IdBirthUnlikely,
    /// The ID number begins with no province's code.
    IdProvince,
    /// The last character of the ID number does not fit the others.
    IdChecksum,
    /// A name of fewer than 2 or more than 50 characters.
    NameLength,
    /// A name with characters that names do not have.
    NameCharacters,
    /// A credit code without 18 characters.
    CreditLength,
    /// A credit code with a character outside the standard's alphabet.
    CreditCharacters,
    /// The organisation code inside the credit code does not fit its own check character.
    CreditOrganisation,
    /// The last character of the credit code does not fit the others.
    CreditChecksum,
    /// Not an e-mail address.
    Email,
    /// An e-mail address of more than 254 characters.
    EmailLength,
}

impl PersonFault {
    /// Every fault, for the error table and tests.
    pub const ALL: [Self; 16] = [
        Self::Phone,
        Self::IdFifteen,
        Self::IdLength,
        Self::IdCharacters,
        Self::IdBirthDate,
        Self::IdBirthUnlikely,
        Self::IdProvince,
        Self::IdChecksum,
        Self::NameLength,
        Self::NameCharacters,
        Self::CreditLength,
        Self::CreditCharacters,
        Self::CreditOrganisation,
        Self::CreditChecksum,
        Self::Email,
        Self::EmailLength,
    ];

    /// The stable code of this fault; never reused or renamed.
    pub fn code(self) -> &'static str {
        match self {
            Self::Phone => "phone_format",
            Self::IdFifteen => "id_number_fifteen_digits",
            Self::IdLength => "id_number_length",
            Self::IdCharacters => "id_number_characters",
            Self::IdBirthDate => "id_number_birth_date",
            Self::IdBirthUnlikely => "id_number_birth_unlikely",
            Self::IdProvince => "id_number_province",
            Self::IdChecksum => "id_number_checksum",
            Self::NameLength => "real_name_length",
            Self::NameCharacters => "real_name_characters",
            Self::CreditLength => "credit_code_length",
            Self::CreditCharacters => "credit_code_characters",
            Self::CreditOrganisation => "credit_code_organisation",
            Self::CreditChecksum => "credit_code_checksum",
            Self::Email => "email_format",
            Self::EmailLength => "email_length",
        }
    }

    /// What is wrong and how to mend it.
    pub fn words(self) -> Words {
        let (zh, en) = match self {
            Self::Phone => (
                "请填写11位大陆手机号，以1开头，例如138开头的号码",
                "Enter a mainland mobile number: 11 digits beginning with 13 to 19",
            ),
            Self::IdFifteen => (
                "15位旧身份证号已停用，请填写现行18位身份证号",
                "15-digit ID numbers are no longer valid; enter the 18-digit number",
            ),
            Self::IdLength => (
                "身份证号应为18位，请核对是否漏填或多填",
                "An ID number has 18 characters; check for missing or extra ones",
            ),
            Self::IdCharacters => (
                "身份证号前17位应为数字，最后一位为数字或X",
                "The first 17 characters of an ID number are digits, the last a digit or X",
            ),
            Self::IdBirthDate => (
                "身份证号中的出生日期不存在，请核对第7至14位",
                "The birth date in the ID number does not exist; check characters 7 to 14",
            ),
            Self::IdBirthUnlikely => (
                "出生日期不合理，请核对第7至14位",
                "The birth date in the ID number cannot be right; check characters 7 to 14",
            ),
            Self::IdProvince => {
                ("前两位不是有效的省级代码，请核对", "The first two digits are no province's code; check them")
            }
            Self::IdChecksum => (
                "身份证号校验不通过，请对照证件逐位核对",
                "The ID number's check character does not match; compare it with the card",
            ),
            Self::NameLength => ("姓名应为2至50个字", "A name has 2 to 50 characters"),
            Self::NameCharacters => (
                "姓名只能是汉字或字母，少数民族姓名可用间隔号“·”",
                "A name is made of Chinese characters or letters, with · between its parts",
            ),
            Self::CreditLength => (
                "统一社会信用代码应为18位，请对照营业执照核对",
                "A unified social credit code has 18 characters; compare it with the business licence",
            ),
            Self::CreditCharacters => (
                "统一社会信用代码只含数字和大写字母，不含I、O、S、V、Z，请核对是否与1、0、5混淆",
                "A credit code has digits and capital letters but never I, O, S, V or Z; check for 1, 0 or 5",
            ),
            Self::CreditOrganisation => (
                "统一社会信用代码第9至17位校验不通过，请对照营业执照逐位核对",
                "Characters 9 to 17 of the credit code do not match each other; compare them with the licence",
            ),
            Self::CreditChecksum => (
                "统一社会信用代码校验不通过，请对照营业执照逐位核对",
                "The credit code's check character does not match; compare it with the licence",
            ),
            Self::Email => {
                ("请填写有效的邮箱地址，例如 name@example.com", "Enter an e-mail address such as name@example.com")
            }
            Self::EmailLength => ("邮箱地址不能超过254个字符", "An e-mail address has at most 254 characters"),
        };
        Words::new(zh, en)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_has_its_own_code_and_both_texts() {
        let codes: std::collections::BTreeSet<_> = PersonFault::ALL.iter().map(|f| f.code()).collect();
        assert_eq!(codes.len(), PersonFault::ALL.len());
        for fault in PersonFault::ALL {
            let words = fault.words();
            assert!(!words.zh.is_empty() && words.en.is_ascii() || words.en.contains('·'), "{fault:?}");
        }
    }
}
